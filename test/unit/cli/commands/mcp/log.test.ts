// Calls of a sample journal, a line each, and filters.
import { expect, test } from 'vitest';
import { SESSION_ID } from '../../../journal/sample-session.ts';
import { lines, objects, state } from './sample-state.ts';

test('log has a line a call, and filters', async () => {
  const { leash } = await state();
  const calls = (...args: string[]) => objects(leash('log', '--json', ...args)).map(({ call }) => call);
  expect(calls()).toEqual(['c1', 'c2', 'c3', 'c4']);
  expect(calls('--denied')).toEqual(['c3']);
  expect(calls('--server', 'files', '--tool', 'read', '--tool', 'write')).toEqual(['c2', 'c3']);
  expect(leash('log', '--server', 'none')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(lines(leash('log', '--denied'))).toEqual([expect.stringContaining('— Nothing is written. (by no-write)')]);
  expect(lines(leash('log', SESSION_ID))).toHaveLength(4);
});
