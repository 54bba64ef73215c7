import { expect, test } from 'vitest';
import { questionNamed, type SessionQuestion } from '../../../src/cli/open-questions.ts';

const open = ['aaaaaa', 'bbbbbb', 'bbbbbb'].map(
  (id, index) => ({ session: { info: { id: `s${index}` } }, question: { id } }) as SessionQuestion,
);

test('an id names one question of one session', () => {
  expect(questionNamed('aaaaaa', open)).toBe(open[0]);
  expect(() => questionNamed('cccccc', open)).toThrow(expect.objectContaining({ code: 'LEASH_QUESTION_UNKNOWN' }));
  expect(() => questionNamed('aaaaa', open)).toThrow('there is no open question "aaaaa"');
  expect(() => questionNamed('bbbbbb', open)).toThrow(expect.objectContaining({ details: ['s1', 's2'] }));
});
