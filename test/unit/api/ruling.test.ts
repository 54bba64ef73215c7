import { expect, test } from 'vitest';
import { readRuling } from '../../../src/api/ruling.ts';

test.each([
  ['allow', 'once'],
  ['allow', 'session'],
  ['allow', 'always'],
  ['deny', 'once'],
  ['deny', 'session'],
])('%s %s', (effect, scope) => {
  expect(readRuling(JSON.stringify({ effect, scope }))).toEqual({ effect, scope });
});

test.each([
  '',
  'null',
  '[]',
  '"allow"',
  '{"effect":"allow"}',
  '{"scope":"once"}',
  '{"effect":"allow","scope":"ever"}',
  '{"effect":"deny","scope":"always"}',
  '{"effect":"Allow","scope":"once"}',
  '{"effect":["allow"],"scope":"once"}',
  '{"effect":"allow","scope":["once"]}',
  '{"effect":"allow","scope":"once","id":"x"}',
  '{"effect":"allow","scope":"once"} x',
])('%s is no ruling', (text) => {
  expect(readRuling(text)).toBeUndefined();
});
