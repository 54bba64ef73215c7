import { expect, test } from 'vitest';
import { FIRST, type Outcome, readLine, rest, type } from '../../../../src/cli/mount-prompt/menu.ts';

test.each([
  ['\r', 'once'],
  ['\n', 'once'],
  ['1', 'always'],
  ['2', 'project'],
  ['3', 'once'],
  ['4', 'never'],
  ['y', 'once'],
  ['N', 'never'],
  ['\u001b[A\r', 'project'],
  ['\u001b[B\r', 'never'],
  ['\u001bOB\u001bOB\r', 'always'],
  ['kk\r', 'always'],
  ['jjj\r', 'project'],
  ['\u0003', 'interrupt'],
  ['\u0004', 'later'],
  ['xyz', 'once'],
  ['\u001b[5~5 \u001b[1;5A4', 'never'],
  ['1\u0003', 'always'],
] as const satisfies readonly (readonly [string, Outcome])[])('%j: %s', (keys, outcome) => {
  expect(type(FIRST, keys).outcome).toBe(outcome);
  // As a slow line hands them out.
  expect([...keys].reduce(type, FIRST).outcome).toBe(outcome);
});

test('the escape key is one when nothing follows it', () => {
  const cut = type(FIRST, '\u001b');
  expect(cut.outcome).toBeUndefined();
  expect(rest(cut).outcome).toBe('later');
  expect(rest(type(FIRST, '\u001b[')).outcome).toBeUndefined();
});

test.each([
  ['', 'once'],
  ['1\n', 'always'],
  [' Never ', 'never'],
  ['project', 'project'],
  ['y', 'once'],
  ['no', 'never'],
  ['q', 'later'],
  ['5', undefined],
  ['constructor', undefined],
  ['\u0003', 'interrupt'],
])('the line %j: %s', (line, outcome) => {
  expect(readLine(line)).toBe(outcome);
});
