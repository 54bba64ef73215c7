import { expect, test } from 'vitest';
import { readMcp } from '../../../src/config/mcp-table.ts';

test('a word is read, and none is nothing', () => {
  expect([undefined, {}, { pins: 'ask' }, { pins: 'warn' }, { pins: 'off' }].map(readMcp)).toEqual([
    {},
    {},
    { pins: 'ask' },
    { pins: 'warn' },
    { pins: 'off' },
  ]);
});

test.each([
  [[], 'mcp is no table'],
  ['ask', 'mcp is no table'],
  [{ pin: 'ask' }, 'mcp has no key "pin"; did you mean pins?'],
  [{ constructor: 'x' }, 'mcp has no key "constructor"'],
  [{ pins: 'Ask' }, 'pins is "ask", "warn" or "off"'],
  [{ pins: true }, 'pins is "ask", "warn" or "off"'],
])('%j is a fault: %s', (table, text) => {
  expect(() => readMcp(table)).toThrow(text);
});
