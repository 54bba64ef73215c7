import { expect, test } from 'vitest';
import { annotationsOf } from '../../../../src/policy/check/annotations.ts';
import { splitStatements } from '../../../../src/policy/text/statements.ts';

function read(annotations: string): ReturnType<typeof annotationsOf> {
  const [statement] = splitStatements(`${annotations} permit(principal, action, resource);`);
  if (statement === undefined) throw new Error('no statement');
  return annotationsOf(statement);
}

test('reads what it knows', () => {
  expect(read('@id("a") @reason("b \\"c\\"") @mode("shadow") @expires("2028-02-29") @owner("me")')).toEqual({
    id: 'a',
    reason: 'b "c"',
    shadow: true,
    expires: '2028-02-29',
    faults: [],
    notes: [],
  });
});

test('a question may have a text', () => {
  expect(read('@ask("Push to main?")').ask).toBe('Push to main?');
  expect(read('@ask').ask).toBe('May the agent do this?');
  expect(read('').ask).toBeUndefined();
});

test('defaults to the enforced mode', () => {
  expect(read('@mode("enforce")').shadow).toBe(false);
  expect(read('').shadow).toBe(false);
});

test.each(['@id', '@id("")', '@reason', '@mode', '@mode("Shadow")', '@expires("2027-02-29")', '@expires("tomorrow")'])(
  'refuses %s',
  (annotation) => {
    expect(read(annotation).faults).toHaveLength(1);
  },
);

test('notes near misses, and leaves other annotations to their owners', () => {
  expect(read('@expire("x")').notes).toEqual([
    expect.objectContaining({ message: expect.stringContaining('did you mean @expires') }),
  ]);
  expect(read('@ticket("42")').notes).toEqual([]);
});
