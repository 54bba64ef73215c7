import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteExpired } from '../../../src/cli/retention.ts';
import { listSessions } from '../../../src/journal/session-list.ts';
import { finishReviews } from '../../../src/review/whole.ts';
import { openSample, temporaryFolder } from '../journal/sample-session.ts';

const DAY = 86_400_000;
const before = process.env['XDG_STATE_HOME'];

let root = '';
beforeEach(() => {
  root = temporaryFolder();
  process.env['XDG_STATE_HOME'] = root;
});
afterEach(() => {
  if (before === undefined) delete process.env['XDG_STATE_HOME'];
  else process.env['XDG_STATE_HOME'] = before;
});

const idOf = (name: string): string => `20261125-142233-${name}`;

/** A session that ended some days ago, of at least so many bytes; without days it runs. */
async function session(name: string, days: number | undefined, bytes = 0): Promise<void> {
  const dir = path.join(root, 'leash', 'sessions', idOf(name));
  const journal = openSample(dir, { id: idOf(name) });
  mkdirSync(path.join(dir, 'bodies'));
  writeFileSync(path.join(dir, 'bodies', '1-request'), Buffer.alloc(bytes));
  if (days !== undefined) await journal.close({ ended: Date.now() - days * DAY, exitCode: 0 });
}

function left(settings: Parameters<typeof deleteExpired>[0]): readonly string[] {
  const said: string[] = [];
  const all = listSessions().sessions.length;
  deleteExpired(settings, (line) => said.push(line));
  const ids = listSessions().sessions.map(({ info }) => info.id.slice(-4));
  expect(said).toHaveLength(all - ids.length);
  return ids.sort();
}

test('what ended longer ago is deleted; what runs, or has changes that wait, is not', async () => {
  await session('old1', 40);
  await session('new1', 1);
  await session('runs', undefined);
  await session('wait', 50);
  mkdirSync(path.join(root, 'leash', 'changes', idOf('wait'), 'x'), { recursive: true });
  expect(left({})).toEqual(['new1', 'old1', 'runs', 'wait']);
  expect(left({ keepFor: 30 * DAY })).toEqual(['new1', 'runs', 'wait']);
});

test('what a person replaced by force outlives the rest, and what was settled does not', async () => {
  await session('took', 50);
  await session('over', 50);
  for (const name of ['took/replaced', 'over/0']) {
    const [id = '', below = ''] = name.split('/');
    const dir = path.join(root, 'leash', 'changes', idOf(id));
    mkdirSync(path.join(dir, below), { recursive: true });
    writeFileSync(path.join(dir, 'over.json'), '{}');
  }
  expect(left({ keepFor: 30 * DAY })).toEqual(['took']);
  expect(finishReviews(process.env)).toEqual([path.join(root, 'leash', 'changes', idOf('over'))]);
  expect(readdirSync(path.join(root, 'leash', 'changes'))).toEqual([idOf('took')]);
});

test('the oldest are deleted until the rest is small enough', async () => {
  await session('aaaa', 4, 50_000);
  await session('bbbb', 3, 50_000);
  await session('cccc', 2, 50_000);
  await session('dddd', undefined, 50_000);
  expect(left({ keepSize: 300_000 })).toEqual(['aaaa', 'bbbb', 'cccc', 'dddd']);
  expect(left({ keepSize: 120_000 })).toEqual(['cccc', 'dddd']);
  expect(left({ keepSize: 1 })).toEqual(['dddd']);
});
