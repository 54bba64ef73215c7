// What was found for paths in; it, for the programs and actions that it holds for and no others, out.
import { expect, test } from 'vitest';
import { KnownPaths } from '../../../../src/policy/backtest/known-paths.ts';

const node = { exe: '/usr/bin/node', uid: 0 };
const served = { ...node, via: 'mcp:files' };
const grep = { exe: '/usr/bin/grep', uid: 0 };

test('what holds for one program is not known of another, of an MCP server, or for another action', () => {
  const known = new KnownPaths<number>();
  known.add(node, 'FileWrite', '/a', 1);
  known.add(served, 'FileWrite', '/a', 2);
  expect(known.get(node, 'FileWrite', '/a')).toBe(1);
  expect(known.get(served, 'FileWrite', '/a')).toBe(2);
  expect(known.get(grep, 'FileWrite', '/a')).toBeUndefined();
  expect(known.get(node, 'FileCreate', '/a')).toBeUndefined();
  expect(known.get(node, 'FileWrite', '/b')).toBeUndefined();
});

test('what holds for all programs is known of each', () => {
  const known = new KnownPaths<number>();
  known.add(undefined, 'FileWrite', '/a', 1);
  known.add(node, 'FileWrite', '/b', 2);
  expect([node, served, grep].map((program) => known.get(program, 'FileWrite', '/a'))).toEqual([1, 1, 1]);
  expect(known.get(grep, 'FileWrite', '/b')).toBeUndefined();
});

test('it forgets all rather than holding more text than it may', () => {
  const known = new KnownPaths<number>(1000);
  known.add(node, 'FileWrite', '/a', 1);
  known.add(undefined, 'FileWrite', `/${'b'.repeat(900)}`, 2);
  expect(known.get(node, 'FileWrite', '/a')).toBeUndefined();
  expect(known.get(node, 'FileWrite', `/${'b'.repeat(900)}`)).toBe(2);
});
