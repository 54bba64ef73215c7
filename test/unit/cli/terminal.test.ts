import { expect, test } from 'vitest';
import { jsonLine, painter, printable } from '../../../src/cli/terminal.ts';

const HOSTILE = 'a\u001b]0;title\u0007\u009b31m\u007f\r\n\tb\u202ecod.exe\u2066\u200b\ufeff\u00ad\u061c\u3164\u{e0041}';

test('nothing an agent names can drive the terminal, break the line, hide or reorder text', () => {
  const shown = printable(HOSTILE);
  expect(shown).toBe(
    'a\\u001b]0;title\\u0007\\u009b31m\\u007f\\u000d\\n\\tb\\u202ecod.exe\\u2066\\u200b\\ufeff\\u00ad\\u061c\\u3164\\udb40\\udc41',
  );
  expect(printable('Grüße, 世界 🙂 → ok')).toBe('Grüße, 世界 🙂 → ok');
});

test('a JSON line is the same value and one safe line', () => {
  const value = { [HOSTILE]: [HOSTILE, 1, null] };
  const line = jsonLine(value);
  expect(JSON.parse(line)).toEqual(value);
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066\u061c\u3164\u{e0041}]/u);
});

test.each([
  ['a terminal', { isTTY: true }, {}, true],
  ['a pipe', {}, {}, false],
  ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
])('colours: %s', (_what, stream, env, isColoured) => {
  expect(painter(stream, env)('red', 'x')).toBe(isColoured ? '\u001b[31mx\u001b[0m' : 'x');
});
