import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { decodeLine, encodeLine, genesis } from '../../../src/journal/chain.ts';
import { SESSION_ID, sampleEvent } from './sample-session.ts';

const head = genesis(SESSION_ID);
const event = sampleEvent({ reason: 'Ünïcode “quotes” \ud83d\ude00 and a\nnewline' });

function sha256(data: string): string {
  return createHash('sha256').update(data).digest('hex');
}

function fault(line: string): string {
  const decoded = decodeLine(Buffer.from(line), head);
  return decoded.ok ? 'none' : decoded.fault;
}

test('the first line carries the hash of the session id, the next the hash of the line before', () => {
  const first = encodeLine(head, JSON.stringify(event));
  expect(first.line).toBe(`{"seq":0,"prev":"${sha256(SESSION_ID)}","event":${JSON.stringify(event)}}`);
  const second = encodeLine(first.next, JSON.stringify(event));
  expect(JSON.parse(second.line)).toEqual({ seq: 1, prev: sha256(first.line), event });
});

test('a line is read back, and yields the same head as writing it', () => {
  const { line, next } = encodeLine(head, JSON.stringify(event));
  expect(decodeLine(Buffer.from(line), head)).toEqual({ ok: true, event, next });
});

test('a lone surrogate is written so that the bytes read are the bytes hashed', () => {
  const broken = sampleEvent({ reason: 'half \ud83d' });
  const { line, next } = encodeLine(head, JSON.stringify(broken));
  expect(decodeLine(Buffer.from(line), head)).toEqual({ ok: true, event: broken, next });
});

test.each([
  ['not JSON at all', 'hello', /not a journal line/],
  ['empty', '', /not a journal line/],
  ['another number', `{"seq":7,"prev":"${head.prev}","event":{}}`, /expected event 0, found event 7/],
  ['another hash', `{"seq":0,"prev":"${'0'.repeat(64)}","event":{}}`, /chain is broken/],
  ['keys in another order', `{"prev":"${head.prev}","seq":0,"event":{}}`, /not a journal line/],
  ['white space', `{ "seq":0,"prev":"${head.prev}","event":{}}`, /not a journal line/],
  ['an event that is not JSON', `{"seq":0,"prev":"${head.prev}","event":{"v":1,}}`, /not JSON/],
  ['something after the event', `{"seq":0,"prev":"${head.prev}","event":${JSON.stringify(event)},"x":1}`, /not JSON/],
  ['an event without fields', `{"seq":0,"prev":"${head.prev}","event":{"v":1}}`, /lacks a field/],
  ['a null event', `{"seq":0,"prev":"${head.prev}","event":null}`, /lacks a field/],
  ['a later version', `{"seq":0,"prev":"${head.prev}","event":${JSON.stringify({ ...event, v: 2 })}}`, /version/],
  [
    'an unknown effect',
    `{"seq":0,"prev":"${head.prev}","event":${JSON.stringify({ ...event, effect: 'maybe' })}}`,
    /lacks a field/,
  ],
])('a line is refused: %s', (_what, line, expected) => {
  expect(fault(line)).toMatch(expected);
});
