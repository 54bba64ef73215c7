import { expect, test } from 'vitest';
import { ProcessTable } from '../../../../src/engine/process-table.ts';
import type { WireProcess } from '../../../../src/engine/wire-record.ts';
import { OwnPrograms } from '../../../../src/session/servers/own-programs.ts';

const NODE = '/usr/bin/node';

function learnt(folder: string | undefined, ...processes: readonly Partial<WireProcess>[]): OwnPrograms {
  const table = new ProcessTable();
  const own = new OwnPrograms(table, folder);
  for (const each of processes) {
    const process = {
      pid: 2,
      parent: 1,
      hostPid: 9,
      uid: 0,
      exe: NODE,
      argv: [],
      line: 1,
      lineUp: 0,
      server: 0,
      ...each,
    };
    table.learn(process);
    own.learn(process);
  }
  return own;
}

test('the first program is the agent’s own, and what it executes in its own place', () => {
  const own = learnt(
    undefined,
    { exe: '/usr/bin/env' },
    { line: 2, lineUp: 1 },
    { pid: 3, line: 3, lineUp: 2, exe: '/bin/sh' },
  );
  expect([1, 2, 3, 99].map((line) => own.isOwn(line))).toEqual([true, true, false, false]);
});

test('what a launcher starts is its own if it is an executable of its package, and nothing that comes of that', () => {
  const codex = '/opt/node_modules/@openai/codex-linux/bin/codex';
  const own = learnt(
    '/opt/node_modules/@openai',
    { line: 1 },
    { pid: 3, line: 2, lineUp: 1, exe: codex },
    { pid: 4, line: 3, lineUp: 2, exe: codex },
    { pid: 5, line: 4, lineUp: 1, exe: NODE },
    { pid: 6, line: 5, lineUp: 1, exe: '/opt/node_modules/@openai-evil/codex' },
  );
  expect([1, 2, 3, 4, 5].map((line) => own.isOwn(line))).toEqual([true, true, false, false, false]);
});

test('a process of which nothing is known is not', () => {
  expect(learnt('/opt').isOwn(0)).toBe(false);
});
