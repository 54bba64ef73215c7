import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { removeLeftovers } from '../../../src/session/leftovers.ts';
import { openSample, temporaryFolder } from '../journal/sample-session.ts';

test('what killed sessions left is removed; what runs and what ended is not', async () => {
  const state = temporaryFolder();
  const sessions = path.join(state, 'leash/sessions');
  const { pid: dead } = spawnSync('true');
  const [crashed, running, ended] = ['20261124-090000-aaaa', '20261124-090000-bbbb', '20261124-090000-cccc'] as const;
  openSample(path.join(sessions, crashed), { id: crashed, pid: dead });
  openSample(path.join(sessions, running), { id: running });
  await openSample(path.join(sessions, ended), { id: ended }).close({ ended: 1, exitCode: 0 });
  for (const id of [crashed, running]) writeFileSync(path.join(sessions, id, 'door.sock'), '');
  mkdirSync(path.join(sessions, '.removed-20261124-090000-dddd'));
  writeFileSync(path.join(state, `leash/denials-${dead}-1`), '');
  writeFileSync(path.join(state, `leash/denials-${process.pid}-1`), '');
  const removed = removeLeftovers({ XDG_STATE_HOME: state });
  // Other sessions of this machine may have left groups.
  expect(removed.filter((file) => file.startsWith(state)).sort()).toEqual(
    [
      path.join(state, `leash/denials-${dead}-1`),
      path.join(sessions, '20261124-090000-dddd'),
      path.join(sessions, crashed, 'door.sock'),
    ].sort(),
  );
  expect(existsSync(path.join(sessions, crashed, 'session.json'))).toBe(true);
  expect(existsSync(path.join(sessions, running, 'door.sock'))).toBe(true);
  expect(existsSync(path.join(state, `leash/denials-${process.pid}-1`))).toBe(true);
  expect(removeLeftovers({ XDG_STATE_HOME: `${state}/none` }).filter((file) => file.startsWith(state))).toEqual([]);
});
