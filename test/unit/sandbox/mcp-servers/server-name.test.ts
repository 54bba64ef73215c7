import { expect, test } from 'vitest';
import { serverName } from '../../../../src/sandbox/mcp-servers/server-name.ts';

test.each(['filesystem', 'my server', 'a/b', 'plugin:x:y', 'größe', '工具', '🔧', 'a.b', '.hidden', 'x?', '__proto__'])(
  '%s stays',
  (name) => {
    expect(serverName(name)).toBe(name);
  },
);

test.each([
  ['./fs', '_fs', 'as a server of the workspace'],
  ['/fs', '_fs', 'as a path'],
  ['?fs', '_fs', 'as one that nobody declared'],
  ['', '_', 'as none'],
  ['fs\u001b[2J', 'fs_[2J', 'a terminal would act on it'],
  ['fs\nmcp:other', 'fs_mcp:other', 'a line of its own'],
  ['fs\u0000', 'fs_', 'the end, in C'],
  ['fs\u200b', 'fs_', 'cannot be seen'],
  ['\u202efs', '_fs', 'turns what follows'],
  ['fs\u2028', 'fs_', 'a line, to some'],
  ['fs\ud800', 'fs_', 'half a character'],
])('%j is said as %s: %s', (name, said) => {
  expect(serverName(name)).toBe(said);
});

test('what begins as an origin after a change begins so no more', () => {
  expect(serverName('\u200b?fs')).toBe('_?fs');
  expect(serverName('././fs')).toBe('_./fs');
});

test('56 letters, and no half of one', () => {
  expect(serverName('x'.repeat(4_000_000))).toBe('x'.repeat(56));
  expect(serverName(`${'x'.repeat(55)}🔧`)).toBe('x'.repeat(55));
});
