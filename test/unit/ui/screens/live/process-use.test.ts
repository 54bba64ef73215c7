// What one process used, the denied first; other processes are left out.
import { expect, test } from 'vitest';
import { usedBy } from '../../../../../ui/src/screens/live/process-use.ts';
import { entry } from './entries.ts';

test('files, hosts and calls with their counts', () => {
  const host = { type: 'host', name: 'a.example' } as const;
  const file = { type: 'path', path: '/w/a' } as const;
  const { kinds } = usedBy(
    [
      entry(0, { resource: file }),
      entry(1, { resource: file }),
      entry(2, { resource: { type: 'path', path: '/w/b' }, effect: 'deny' }),
      entry(3, { resource: file, who: { pid: 9, parent: 2, exe: '' } }),
      entry(4, { action: 'NetConnect', resource: host }),
      entry(5, { action: 'ProcessExec', resource: { type: 'path', path: '/bin/ls' } }),
      entry(6, { action: 'SystemCall', resource: { type: 'name', name: 'mount' }, effect: 'deny' }),
    ],
    2,
  );
  expect(kinds).toEqual({
    files: [
      { name: '/w/b', events: 1, denied: 1 },
      { name: '/w/a', events: 2, denied: 0 },
    ],
    hosts: [{ name: 'a.example', events: 1, denied: 0 }],
    calls: [
      { name: 'mount', events: 1, denied: 1 },
      { name: '/bin/ls', events: 1, denied: 0 },
    ],
  });
});
