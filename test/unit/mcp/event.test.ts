// One server-sent event: what a browser reads in it, and what is left of it with other data or none.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { eventOf, readEvent, withData, withoutData } from '../../../src/mcp/event.ts';

const read = (text: string, isFirst: boolean = false): ReturnType<typeof readEvent> =>
  readEvent(Buffer.from(text), isFirst);

test.each([
  ['data: x\n\n', 'message', 'x'],
  ['data:x\n\n', 'message', 'x'],
  ['data:  x\n\n', 'message', ' x'],
  ['data\n\n', 'message', ''],
  ['data: a\ndata: b\n\n', 'message', 'a\nb'],
  ['data: a\r\ndata\r\ndata:b\r\n\r\n', 'message', 'a\n\nb'],
  ['event: endpoint\rdata: /x\r\r', 'endpoint', '/x'],
  ['event: a\nevent: b\ndata: x\n\n', 'b', 'x'],
  ['event: a\nevent\ndata: x\n\n', 'message', 'x'],
  ['id: 1\nretry: 5\n: data: x\n\n', 'message', undefined],
  ['Data: x\ndata : y\n data: z\n\n', 'message', undefined],
  ['data: x', 'message', 'x'],
  ['\n', 'message', undefined],
])('%j', (text, type, data) => {
  const event = read(text);
  expect([event.type, event.data?.toString()]).toEqual([type, data]);
});

test('a byte order mark before the first event is no part of it; elsewhere it is', () => {
  expect(read('\uFEFFdata: x\n\n', true).data?.toString()).toBe('x');
  expect(read('\uFEFFdata: x\n\n').data).toBeUndefined();
});

test('other lines stay to the letter', () => {
  const event = read('id: 7\r\n: c\r\ndata:a\r\nevent: message\r\ndata: b\r\nretry:1\r\n\r\n');
  expect(withData(event, Buffer.from('x')).toString()).toBe(
    'id: 7\r\n: c\r\ndata: x\r\nevent: message\r\nretry:1\r\n\r\n',
  );
  expect(withData(event, Buffer.from('x\ny')).toString()).toContain('data: x\r\ndata: y\r\n');
  expect(withData(read('data: z'), Buffer.from('x\ny')).toString()).toBe('data: x\ndata: y\n');
  expect(withoutData(event).toString()).toBe('id: 7\r\n: c\r\nretry:1\r\n\r\n');
});

test('without data, id and time there is nothing left', () => {
  expect(withoutData(read(': c\nevent: message\ndata: x\n\n')).toString()).toBe('');
});

test('an own message is an event of the usual type', () => {
  const event = readEvent(eventOf('{"a":1}'), false);
  expect([event.type, event.data?.toString(), event.bytes.toString().endsWith('\n\n')]).toEqual([
    'message',
    '{"a":1}',
    true,
  ]);
});
