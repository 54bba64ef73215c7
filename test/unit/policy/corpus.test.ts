// The corpus of the Cedar project: LEASH_CEDAR_CORPUS names a folder with it, or scripts/fetch-cedar-corpus.sh has put it into the cache.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type CorpusResult, runCorpusTest } from './corpus.ts';

function corpusFolder(): string | undefined {
  const given = process.env['LEASH_CEDAR_CORPUS'];
  if (given !== undefined) return given;
  const { status, stdout } = spawnSync('sh', ['scripts/fetch-cedar-corpus.sh', '--cached'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

test('decision, reasons and errors are those of the official corpus', { timeout: 3_600_000 }, (context) => {
  const folder = corpusFolder();
  if (folder === undefined)
    return context.skip('the Cedar corpus is not in the cache; scripts/fetch-cedar-corpus.sh fetches it');
  const names = fs.readdirSync(path.join(folder, 'corpus-tests')).filter((name) => /^[0-9a-f]+\.json$/.test(name));
  const result: CorpusResult = { compared: 0, unusable: 0, mismatches: [] };
  for (const name of names) runCorpusTest(folder, `corpus-tests/${name}`, result);
  console.log(
    `${names.length} tests: ${result.compared} requests compared, ${result.unusable} with integers beyond 2^53`,
  );
  expect(result.mismatches.slice(0, 5)).toEqual([]);
  expect(result.compared).toBeGreaterThan(60_000);
  return undefined;
});
