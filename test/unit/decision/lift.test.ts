import { expect, test } from 'vitest';
import { isApproval, lift } from '../../../src/decision/lift.ts';

const question = {
  effect: 'deny' as const,
  enforced: true,
  policies: ['ask'],
  reason: 'nobody was asked',
  ask: 'May it?',
  epoch: 3,
};

test.each(['once', 'session', 'always'] as const)('an approval (%s) lifts a question', (by) => {
  const lifted = lift(question, { by, waited: 5 });
  expect(lifted).toEqual({
    effect: 'allow',
    enforced: true,
    policies: ['ask'],
    ask: 'May it?',
    approval: { by, waited: 5 },
    epoch: 3,
  });
});

test.each([
  ['denied', 'a person refused: May it?'],
  ['timeout', 'nobody answered in time: May it?'],
  ['nobody', 'a person must agree, and nobody was asked: May it?'],
  ['flood', 'a person must agree, and too many questions are open already: May it?'],
] as const)('%s refuses, and says so', (by, reason) => {
  expect(isApproval({ by, waited: 0 })).toBe(false);
  expect(lift(question, { by, waited: 0 })).toEqual({ ...question, reason, approval: { by, waited: 0 } });
});

test('a forbid is never lifted', () => {
  const { ask: _ask, ...forbidden } = question;
  expect(lift(forbidden, { by: 'always', waited: 0 })).toEqual(forbidden);
});
