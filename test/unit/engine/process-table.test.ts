import { expect, test } from 'vitest';
import { ProcessTable } from '../../../src/engine/process-table.ts';

const process = { pid: 7, parent: 2, hostPid: 99, uid: 1000, exe: '/bin/sh', argv: ['sh', '-c', 'x'] };

test('a process is known by what was last learnt of it', () => {
  const table = new ProcessTable();
  table.learn(process);
  table.learn({ ...process, exe: '/bin/cat', argv: ['cat'] });
  expect(table.who(7)).toEqual({ pid: 7, parent: 2, exe: '/bin/cat', argv: ['cat'] });
  expect(table.program(7)).toEqual({ exe: '/bin/cat', uid: 1000 });
});

test('an unknown process has no program, and still its number', () => {
  const table = new ProcessTable();
  expect(table.who(7)).toEqual({ pid: 7, parent: 0, exe: '' });
  expect(table.program(7)).toEqual({ exe: '', uid: 0 });
});

test('the table is bounded: what was heard of last is kept', () => {
  const table = new ProcessTable();
  table.learn({ ...process, pid: 1 });
  table.learn({ ...process, pid: 2 });
  table.learn({ ...process, pid: 1 });
  for (let pid = 3; pid <= 65_537; pid++) table.learn({ ...process, pid });
  expect(table.who(2).exe).toBe('');
  expect(table.who(1).exe).toBe('/bin/sh');
});
