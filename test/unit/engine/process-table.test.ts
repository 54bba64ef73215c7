import { expect, test } from 'vitest';
import { ProcessTable } from '../../../src/engine/process-table.ts';

const process = {
  pid: 7,
  parent: 2,
  hostPid: 99,
  uid: 1000,
  exe: '/bin/sh',
  argv: ['sh', '-c', 'x'],
  line: 5,
  lineUp: 0,
  server: 0,
};

test('a process is known by what was last learnt of it', () => {
  const table = new ProcessTable();
  table.learn(process);
  table.learn({ ...process, line: 6, lineUp: 5, exe: '/bin/cat', argv: ['cat'] });
  expect(table.who(7)).toEqual({ pid: 7, parent: 2, exe: '/bin/cat', argv: ['cat'] });
  expect(table.program({ pid: 7, line: 6 })).toEqual({ exe: '/bin/cat', uid: 1000, ancestors: ['/bin/sh'] });
});

test('a question is of the line that asked, though its process runs another program by now', () => {
  const table = new ProcessTable();
  table.learn({ ...process, sha256: 'ab' });
  table.learn({ ...process, line: 6, lineUp: 5, exe: '/bin/cat' });
  expect(table.program({ pid: 7, line: 5 })).toEqual({ exe: '/bin/sh', uid: 1000, ancestors: [], sha256: 'ab' });
});

test('a line outlives its processes: another process with the same number takes nothing away', () => {
  const table = new ProcessTable();
  table.learn({ ...process, exe: '/bin/curl' });
  table.learn({ ...process, pid: 8, line: 6, lineUp: 5 });
  table.learn({ ...process, pid: 9, line: 7, lineUp: 6, exe: '/bin/cat' });
  table.learn({ ...process, pid: 7, line: 8, lineUp: 0 });
  expect(table.program({ pid: 9, line: 7 })?.ancestors).toEqual(['/bin/sh', '/bin/curl']);
});

test('an unknown line has no program, an unknown process still its number', () => {
  const table = new ProcessTable();
  expect(table.who(7)).toEqual({ pid: 7, parent: 0, exe: '' });
  expect(table.program({ pid: 7, line: 0 })).toBeUndefined();
  table.learn({ ...process, line: 0 });
  expect(table.program({ pid: 7, line: 0 })).toBeUndefined();
  table.learn({ ...process, lineUp: 4 });
  expect(table.program({ pid: 7, line: 5 })).toBeUndefined();
});

test('the table of processes is bounded: what was heard of last is kept', () => {
  const table = new ProcessTable();
  table.learn({ ...process, pid: 1 });
  table.learn({ ...process, pid: 2 });
  table.learn({ ...process, pid: 1 });
  for (let pid = 3; pid <= 65_537; pid++) table.learn({ ...process, pid });
  expect(table.who(2).exe).toBe('');
  expect(table.who(1).exe).toBe('/bin/sh');
});

test('command lines are bounded together; what asks goes on being known by its own', () => {
  const table = new ProcessTable();
  const argv = ['x'.repeat(32_000)];
  for (let pid = 1; pid <= 2_000; pid++) {
    table.learn({ ...process, pid, argv });
    expect(table.who(1).argv).toEqual(argv);
  }
  expect(table.size.processes).toBe(2_000);
  expect(table.size.argvUnits).toBeLessThanOrEqual(16 << 20);
  expect(table.who(2)).toEqual({ pid: 2, parent: 2, exe: '/bin/sh', argv: [] });
  expect(table.who(2_000).argv).toEqual(argv);
});
