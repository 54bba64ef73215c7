import { expect, test } from 'vitest';
import type { ChangeGroup } from '../../../../src/policy/backtest/backtest.ts';
import { backtestAnswer } from '../../../../src/session/learning/answers.ts';

const TOTALS = {
  evaluated: 0,
  unchanged: 0,
  inferred: 0,
  uncertain: 0,
  unseen: [],
  own: 0,
  lifecycle: 0,
  unrepeatable: 0,
};

function group(change: ChangeGroup['change'], place: string): ChangeGroup {
  const request = {
    action: 'FileWrite',
    resource: { type: 'path', path: place },
    program: { exe: '', uid: 0 },
  } as const;
  const examples = [{ event: '20260101-000000-aaaa:41', request }];
  return { change, action: 'FileWrite', place, policies: [], count: 2, first: 1, last: 2, examples };
}

test('of each kind of change the largest groups are listed, names are cut, and the rest is counted', () => {
  const denied = Array.from({ length: 250 }, (_, at) => group('newly denied', `/d${at}/`));
  const groups = [...denied, group('newly allowed', `/${'x'.repeat(5_000)}/`)];
  const answer = backtestAnswer({ totals: TOTALS, groups, reads: [], unreadable: [] });
  expect(answer.changes).toEqual({ 'newly denied': 500, 'newly asked': 0, 'newly allowed': 2 });
  expect([answer.groups.length, answer.more]).toEqual([201, 50]);
  expect(answer.groups.at(-1)?.place).toHaveLength(1_025);
  expect(answer.groups[0]?.examples).toEqual([
    { session: '20260101-000000-aaaa', seq: 41, text: 'FileWrite Dir::"/d0/"' },
  ]);
});
