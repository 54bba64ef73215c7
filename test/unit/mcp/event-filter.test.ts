// Streams of events: untouched to the letter, changed in their data only, the same however they are cut.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { EventFilter } from '../../../src/mcp/event-filter.ts';

interface Outcome {
  readonly text: string;
  readonly data: string[];
  readonly endpoints: string[];
  readonly fault: string | undefined;
}

/** Data with `drop` is taken out, `edit` becomes `EDITED`. */
function filtered(pieces: readonly (string | Buffer)[], most?: number): Outcome {
  const data: string[] = [];
  const endpoints: string[] = [];
  const filter = new EventFilter({
    rewrite: (bytes) => {
      const text = bytes.toString();
      data.push(text);
      if (text.includes('drop')) return undefined;
      return text.includes('edit') ? Buffer.from(text.replace('edit', 'EDITED')) : bytes;
    },
    endpoint: (address) => endpoints.push(address),
    ...(most !== undefined && { most }),
  });
  const passed = pieces.map((piece) => filter.push(Buffer.from(piece as string)));
  const text = Buffer.concat([...passed, filter.end()]).toString('latin1');
  return { text, data, endpoints, fault: filter.fault };
}

const untouched = (text: string): string => Buffer.from(text).toString('latin1');

test.each([
  'data: {"a":1}\n\n',
  '\uFEFFdata: {"a":1}\r\n\r\ndata:[1]\r\rdata: {}\n\n',
  ': ping\n\n',
  'id: 1\nevent: message\nretry: 10\ndata: {"a":\ndata: 1}\n\n\n\n',
  'id: 0\ndata:\n\n',
  'event: endpoint\ndata: /messages?id=1\n\n',
  'data: not json\n\nevent: ping\ndata: 2026-07-28\n\n',
  '\r\n\r\n\n\rdata: {}\r\n\n',
  'data: {"unfinished":1}',
  '',
])('%j passes to the letter', (text) => {
  expect(filtered([text]).text).toBe(untouched(text));
});

test('data is handed over once for each event, joined as the client joins it', () => {
  expect(
    filtered(['id: 1\ndata: {"a":\ndata:1}\n\n: c\n\ndata: x\n\nevent: other\ndata:[2]\n\ndata: {"end":1}']).data,
  ).toEqual(['{"a":\n1}', '[2]', '{"end":1}']);
});

test('what some reader may take for JSON is handed over, too', () => {
  const wide = Buffer.from('{}', 'utf16le');
  const stream = Buffer.concat([Buffer.from('data: \uFEFF{}\n\ndata: '), wide, Buffer.from('\n\ndata: \t\x0b[]\n\n')]);
  expect(filtered([stream]).data).toHaveLength(3);
});

test('an edited event keeps its other lines, a dropped one its id and time', () => {
  const stream =
    'id: 1\r\ndata: {"edit":1}\r\nretry: 5\r\n\r\nid: 2\nevent: message\ndata: {"drop":1}\n\ndata: {"drop":2}\n\ndata: {}\n\n';
  expect(filtered([stream]).text).toBe('id: 1\r\ndata: {"EDITED":1}\r\nretry: 5\r\n\r\nid: 2\n\ndata: {}\n\n');
});

test('the address of 2024-11-05 is told', () => {
  expect(filtered(['event: endpoint\r\ndata: https://e.example/m?s=1\r\n\r\n']).endpoints).toEqual([
    'https://e.example/m?s=1',
  ]);
});

test('it does not matter where a stream is cut', () => {
  const stream = Buffer.from(
    '\uFEFFid: 1\r\ndata: {"a":"\u00e9"}\r\n\r\ndata: {"drop":1}\r\rdata: {"drop":2}\r\n\r\nid: 3\rdata: {"edit":\rdata: 1}\r\r\ndata: {}\n\n\ndata: [1]',
  );
  const whole = filtered([stream]);
  expect(whole.data).toHaveLength(6);
  for (let cut = 0; cut <= stream.length; cut++)
    expect(filtered([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(whole);
  expect(filtered([...stream].map((byte) => Buffer.from([byte])))).toEqual(whole);
});

test('a byte order mark hides the data of the first event only', () => {
  expect(filtered(['\uFEFFdata: {"a":1}\n\n\uFEFFdata: {"b":1}\n\n']).data).toEqual(['{"a":1}']);
});

test.each(['\u2028', '\u2029', '\u0085', '\v', '\f', '\x1c', '\x1d', '\x1e'])(
  'an event that some client splits at %j goes, unless it is within JSON',
  (end) => {
    const evil = `${end}${end}data: {"method":"sampling/createMessage"}${end}${end}\n\n`;
    for (const line of ['data: x', ': c', 'id: 1', 'event: a', 'x', 'data: {}\nretry: 1'])
      expect(filtered([`${line}${evil}data: {"a":1}\n\n`]).text).toBe('data: {"a":1}\n\n');
    const text = `data: {"a":"${end}"}\n\n`;
    expect(filtered([text])).toMatchObject({ text: untouched(text), data: [`{"a":"${end}"}`] });
  },
);

test('an event goes on as soon as its empty line is there', () => {
  const filter = new EventFilter({ rewrite: (bytes) => bytes });
  expect(filter.push(Buffer.from('data: {}\r\n')).length).toBe(0);
  expect(filter.push(Buffer.from('\r')).toString()).toBe('data: {}\r\n\r');
  expect(filter.push(Buffer.from('\nda')).toString()).toBe('\n');
  expect(filter.push(Buffer.from('ta: {}\n\nx')).toString()).toBe('data: {}\n\n');
});

test('an event beyond the limit ends the stream, whole or in pieces', () => {
  const stream = `data: {}\n\ndata: "${'x'.repeat(100)}"\n\ndata: {"late":1}\n\n`;
  const expected = { text: 'data: {}\n\n', data: ['{}'], endpoints: [], fault: 'an event is longer than 64 bytes' };
  expect(filtered([stream], 64)).toEqual(expected);
  expect(filtered([...stream], 64)).toEqual(expected);
  expect(filtered([`: ${'x'.repeat(61)}\n\n`], 64).fault).toBeUndefined();
  expect(filtered([`: ${'x'.repeat(62)}\n\n`], 64).fault).toBeDefined();
});
