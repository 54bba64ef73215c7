import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { finishRemovals, removeSession } from '../../../src/journal/remove-session.ts';
import { openSample, SESSION_ID, temporaryFolder } from './sample-session.ts';

test('nothing is left of a session, and what its links name stays', async () => {
  const root = temporaryFolder();
  const dir = path.join(root, SESSION_ID);
  await openSample(dir).close({ ended: 1, exitCode: 0 });
  const other = temporaryFolder();
  writeFileSync(path.join(other, 'kept'), '');
  symlinkSync(other, path.join(dir, 'link'));
  removeSession({ dir });
  expect(readdirSync(root)).toEqual([]);
  expect(existsSync(path.join(other, 'kept'))).toBe(true);
});

test('what was interrupted is ended; other names are left alone', () => {
  const root = temporaryFolder();
  for (const name of [`.removed-${SESSION_ID}`, '.removed-x', SESSION_ID]) mkdirSync(path.join(root, name));
  expect(finishRemovals(root)).toEqual([SESSION_ID]);
  expect(readdirSync(root).sort()).toEqual(['.removed-x', SESSION_ID]);
});
