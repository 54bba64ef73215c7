// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how agents write variables.
import { expect, test } from 'vitest';
import { expand } from '../../../../src/sandbox/mcp-servers/expand.ts';

const MOST = 1_000;
const ENV = { A: 'a', EMPTY: '', LOOP: '${A}', UNSET: undefined };

// What each agent passed on to a program that wrote down its arguments.
test.each([
  ['braces', '${A} ${NO:-d} ${NO} $A ${A:-d} ${NO:-}', 'a d ${NO} $A a '],
  ['braces', '${EMPTY:-d}|${LOOP}|${', '|${A}|${'],
  ['dollar or braces', '$A ${A} ${NO:-d} ${NO} $NO', 'a a d ${NO} $NO'],
  ['dollar', '$A ${A} ${NO:-d} ${A:-d} ${NO}', 'a a ${NO:-d} ${A:-d} ${NO}'],
  ['env', '{env:A} {env:NO} ${A} $A {env:', 'a  ${A} $A {env:'],
  ['none', '${A} $A {env:A}', '${A} $A {env:A}'],
] as const)('%s: %s', (variables, word, expected) => {
  expect(expand(word, variables, ENV, MOST)).toBe(expected);
});

test('names of the language are no variables, and one that is not set is none', () => {
  expect(expand('${constructor} ${__proto__} ${UNSET}', 'braces', ENV, MOST)).toBe(
    '${constructor} ${__proto__} ${UNSET}',
  );
});

test.each(['braces', 'dollar or braces', 'dollar', 'env'] as const)(
  '%s: what is opened and not closed takes no time',
  (variables) => {
    // Looked at from each beginning to the end, these would take minutes.
    for (const beginning of ['${', '${a:-', '{env:', '$', '${}'.padEnd(4, '$')]) {
      const text = beginning.repeat(200_000);
      expect(expand(text, variables, ENV, MOST)).toBe(text);
    }
  },
);

test('what is put in is bounded', () => {
  const env = { BIG: 'x'.repeat(100_000) };
  expect(expand('${BIG}', 'braces', env, 100_000)).toBe(env.BIG);
  expect(expand('${BIG}', 'braces', env, 99_999)).toBeUndefined();
  // 100 GB.
  expect(expand('$BIG'.repeat(1_000_000), 'dollar', env, 1_000_000)).toBeUndefined();
  expect(expand(`\${NO:-${env.BIG}}`, 'braces', env, 10)).toBeUndefined();
});
