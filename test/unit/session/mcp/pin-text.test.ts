import { expect, test } from 'vitest';
import { pinsText, readPins } from '../../../../src/session/mcp/pin-text.ts';

const DIGEST = 'a'.repeat(64);
const PIN = { digest: DIGEST, since: 1_795_579_140_000.5, fields: { description: DIGEST } };

test('what is written is what is read, whatever tools and fields are called', () => {
  const names = ['t', '__proto__', 'constructor', '\n"]}', '\u2028', '\ud800'];
  const fields = JSON.parse(`{"__proto__":"${DIGEST}","\\u0000":"${DIGEST}"}`) as Record<string, string>;
  const list = { server: 'a"\n', pins: new Map(names.map((name) => [name, { ...PIN, fields }])) };
  expect(readPins(pinsText(list))).toEqual(list);
  expect(readPins(pinsText({ server: '', pins: new Map() }))).toEqual({ server: '', pins: new Map() });
});

const good = pinsText({ server: 's', pins: new Map([['t', PIN]]) });

test.each([
  ['nothing', ''],
  ['half of it', good.slice(0, good.length / 2)],
  ['another version', good.replace('"v":1', '"v":2')],
  ['a list', '[]'],
  ['null', 'null'],
  ['no list of tools', '{"v":1,"server":"s","tools":{}}'],
  ['more than there is', good.replace('"v":1', '"v":1,"x":1')],
  ['a digest that is none', good.replace(DIGEST, 'a'.repeat(63))],
  ['a digest in capitals', good.replaceAll(DIGEST, 'A'.repeat(64))],
  ['a field without digest', good.replace(`"description":"${DIGEST}"`, '"description":1')],
  ['fields in a list', good.replace(/"fields":\{.*?\}/, '"fields":[]')],
  ['a day that is none', good.replace(/"since":[\d.]+/, '"since":"today"')],
  ['a tool twice', good.replace(/(\{"name".*\})/, '$1,$1')],
])('%s is no list of pins', (_, text) => {
  expect(text).not.toBe(good);
  expect(readPins(text)).toBeUndefined();
});
