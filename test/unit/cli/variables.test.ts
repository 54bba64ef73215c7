import { expect, test } from 'vitest';
import { isSet, misspelt, requireChoice } from '../../../src/cli/variables.ts';

test.each([
  ['1', true],
  ['TRUE', true],
  ['on', true],
  ['0', false],
  ['No', false],
])('a flag by the variable %j: %s', (word, expected) => {
  expect(isSet(word, 'LEASH_QUIET')).toBe(expected);
});

test('a word that says neither is refused', () => {
  expect(() => isSet('maybe', 'LEASH_QUIET')).toThrow('LEASH_QUIET is "maybe"; it is one of 1, 0, true, false');
});

test('a choice that there is not names where it stands', () => {
  const option = { kind: 'value', name: 'mode', value: 'MODE', choices: ['enforce', 'record'], summary: '' } as const;
  requireChoice(option, 'record', 'LEASH_MODE');
  expect(() => requireChoice(option, 'off', 'LEASH_MODE')).toThrow(
    'LEASH_MODE is "off", which is unknown; it is one of enforce, record',
  );
});

test('what looks like a variable of Leash and is none is told, what is far from all is not', () => {
  const rules = [{ variables: ['LEASH_POLICY', 'LEASH_POLICY_FILE'] }, {}];
  const env = {
    LEASH_POLCY: 'x',
    LEASH_POLICY: 'y',
    LEASH_HOME: '/l',
    LEASH_SOMETHING_ELSE: 'z',
    OTHER: '',
    'LEASH_HOM\u001b': '',
  };
  expect(misspelt(rules, env)).toEqual([
    'the variable LEASH_POLCY is unknown; did you mean LEASH_POLICY?',
    'the variable LEASH_HOM\\u001b is unknown; did you mean LEASH_HOME?',
  ]);
});
