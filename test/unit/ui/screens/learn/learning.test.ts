import { expect, test } from 'vitest';
import type { SessionView } from '../../../../../src/schema/api.ts';
import type { BacktestAnswer, BacktestGroup } from '../../../../../src/schema/learning.ts';
import {
  accountOf,
  aliveWithin,
  joined,
  proofLine,
  reasonOf,
  triedOn,
  verdictLine,
} from '../../../../../ui/src/screens/learn/learning.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;

test('sessions that were alive are offered, and the own one however old it is', () => {
  const sessions = [
    { id: 'running' },
    { id: 'new', ended: NOW - DAY },
    { id: 'old', ended: 1 },
    { id: 'own', ended: 1 },
  ];
  const offered = aliveWithin(sessions as unknown as SessionView[], 'own', 30, NOW);
  expect(offered.map(({ id }) => id)).toEqual(['running', 'new', 'own']);
});

test('a backtest is of the chosen sessions or of days', () => {
  expect(triedOn(['a', 'b'], 0, NOW)).toEqual({ sessions: ['a', 'b'] });
  expect(triedOn(['a', 'b'], 7, NOW)).toEqual({ since: 93 * DAY });
});

test('a suggestion stands behind what there is', () => {
  expect(joined(' \n', 'permit;')).toBe('permit;');
  expect(joined('forbid;\n', 'permit;')).toBe('forbid;\n\npermit;');
});

test('the proof says what was read and what is permitted already', () => {
  const answer = {
    policy: '',
    statements: [{ id: 'a' }],
    operations: { added: 1, permitted: 2 },
    events: { taken: 3, denied: 0, asked: 0, cut: 0 },
    notes: [],
    proof: [],
    sessions: [{ session: 's', events: 3, torn: 0 }],
  } as unknown as Parameters<typeof proofLine>[0];
  expect(proofLine(answer)).toBe(
    'Permits everything that it was made from: 1 operation in 3 events of 1 session, besides 2 that are permitted already. It adds nothing but:',
  );
  expect(proofLine({ ...answer, statements: [] })).toMatch(/^Nothing is missing/);
});

const FOUND: BacktestAnswer = {
  changes: { 'newly denied': 2, 'newly asked': 0, 'newly allowed': 1 },
  totals: {
    evaluated: 5,
    unchanged: 2,
    inferred: 0,
    uncertain: 1,
    unseen: ['headers'],
    own: 1,
    lifecycle: 0,
    unrepeatable: 0,
  },
  groups: [],
  more: 1,
  sessions: [{ session: 'a', events: 6, torn: 7, fault: 'altered' }],
  unreadable: ['b'],
};

test('what changed and what could not be evaluated is said', () => {
  expect(verdictLine(FOUND)).toBe('2 newly denied, 1 newly allowed.');
  expect(verdictLine({ ...FOUND, changes: { 'newly denied': 0, 'newly asked': 0, 'newly allowed': 0 } })).toBe(
    'Nothing would have been decided otherwise.',
  );
  expect(accountOf(FOUND)).toEqual([
    '5 events evaluated of 6 in 1 session; 2 unchanged',
    '1 event decided by Leash itself, whatever the policy',
    'uncertain: 1 event, of which the journal does not keep headers, which the policy speaks of',
    '1 smaller group not listed',
    'session a did not end properly: its last 7 bytes are an unfinished event',
    'not evaluated: the rest of session a: altered',
    'not evaluated: session b, whose record cannot be read',
  ]);
});

test('a group says why', () => {
  const group = { change: 'newly denied', policies: [] } as unknown as BacktestGroup;
  expect(reasonOf(group)).toBe('nothing permits it');
  expect(reasonOf({ ...group, policies: ['a', 'b'], reason: 'so' })).toBe('a, b: so');
  expect(reasonOf({ ...group, change: 'newly allowed' })).toBe('');
});
