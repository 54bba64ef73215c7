import { expect, test } from 'vitest';
import type { SessionView } from '../../../../../src/schema/api.ts';
import {
  durationText,
  lasted,
  matching,
  nextOrder,
  orderIn,
  sorted,
} from '../../../../../ui/src/screens/sessions/sessions.ts';

const session = (id: string, more: Partial<SessionView>): SessionView => ({
  v: 1,
  id,
  command: ['claude'],
  workspace: '/w',
  user: 'u',
  mode: 'enforce',
  engine: 'seccomp',
  backend: 'bubblewrap',
  policy: 'coder',
  started: 0,
  pid: 1,
  state: 'ended',
  published: [],
  ...more,
});
const ALL = [
  session('new', { started: 3_000, state: 'running', command: ['codex', 'exec'] }),
  session('old', { started: 1_000, ended: 5_000, denied: 7 }),
  session('lost', { started: 2_000, state: 'crashed', denied: 2 }),
];
const NOW = 10_000;
const ids = (sessions: readonly SessionView[]): string[] => sessions.map(({ id }) => id);

test('the order stands in a word; without one, and for a word of no column, newest first', () => {
  expect(ids(sorted(ALL, orderIn(''), NOW))).toEqual(['new', 'lost', 'old']);
  expect(ids(sorted(ALL, orderIn('toString'), NOW))).toEqual(['new', 'lost', 'old']);
  expect(ids(sorted(ALL, orderIn('-Denied'), NOW))).toEqual(['old', 'lost', 'new']);
  expect(ids(sorted(ALL, orderIn('Duration'), NOW))).toEqual(['lost', 'old', 'new']);
});

test('a second click turns the order round; numbers begin with the most', () => {
  expect(nextOrder(orderIn(''), 'Denied')).toBe('-Denied');
  expect(nextOrder(orderIn('-Denied'), 'Denied')).toBe('Denied');
  expect(nextOrder(orderIn(''), 'Command')).toBe('Command');
});

test('every word of a filter must be found somewhere', () => {
  expect(ids(matching(ALL, 'CODEX running'))).toEqual(['new']);
  expect(matching(ALL, 'codex crashed')).toEqual([]);
  expect(matching(ALL, '').length).toBe(3);
});

test('how long it took; of a crash nobody knows', () => {
  expect(ALL.map((one) => lasted(one, NOW))).toEqual([7_000, 4_000, undefined]);
  expect([400, 61_000, 7_260_000, 180_000_000].map(durationText)).toEqual([
    '0 s',
    '1 min 01 s',
    '2 h 01 min',
    '2 d 2 h',
  ]);
});
