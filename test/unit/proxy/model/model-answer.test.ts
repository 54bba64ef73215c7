// Answers of each known API, whole and as streams in every coding and cut anywhere: who answered, what it calls, what it cost.
import { Buffer } from 'node:buffer';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { Allowance, Share } from '../../../../src/proxy/exchange/allowance.ts';
import { answerLook } from '../../../../src/proxy/model/answer-look.ts';
import { AnswerReader } from '../../../../src/proxy/model/model-answer.ts';
import { ANSWERS, JSON_TYPE, type Known, SSE } from './known-answers.ts';

const field = (name: string, value: string): { name: string; value: string; line: string } => ({
  name,
  value,
  line: `${name}: ${value}`,
});

function answerOf(type: string, pieces: readonly Buffer[], coding?: string): AnswerReader {
  const answer = new AnswerReader();
  const fields = [field('content-type', type), ...(coding === undefined ? [] : [field('content-encoding', coding)])];
  const look = answerLook(fields, answer, new Share(new Allowance(1 << 26)));
  for (const piece of pieces) look?.push(piece);
  look?.end();
  return answer;
}

const CODINGS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
};

function expectKnown(
  answer: AnswerReader,
  { name, calls = [], stopReason, tokens = [undefined, undefined, undefined] }: Known,
): void {
  expect(answer.name).toBe(name);
  expect([...answer.calls]).toEqual(calls);
  expect(answer.stopReason).toBe(stopReason);
  expect([answer.inputTokens, answer.cachedTokens, answer.outputTokens]).toEqual(tokens);
}

test.each(Object.entries(ANSWERS))('%s', (_name, known) => {
  const bytes = Buffer.from(known.body as string);
  expectKnown(answerOf(known.type, [bytes]), known);
  for (const size of [1, 2, 3, 7, 64]) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    expectKnown(answerOf(known.type, pieces), known);
  }
  for (const [coding, encode] of Object.entries(CODINGS))
    expectKnown(answerOf(known.type, [encode(bytes)], coding), known);
});

test.each(['\r', '\r\n', '\n'])('lines of a stream end in any way: %j', (end) => {
  const known = ANSWERS['Anthropic, streamed'] as Known;
  const bytes = Buffer.from(String(known.body).replaceAll('\n', end));
  for (const size of [1, 5, bytes.length]) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    expectKnown(answerOf(SSE, pieces), known);
  }
});

test.each<[string, string, Buffer, string?]>([
  ['broken JSON in an event', SSE, Buffer.from('data: {"model":\n\ndata: {"model":"m"\n\n')],
  ['an event without end', SSE, Buffer.alloc(3_000_000, 'data: x')],
  ['a bomb', JSON_TYPE, zlib.gzipSync(Buffer.alloc(64 << 20)), 'gzip'],
  ['a coding that lies', JSON_TYPE, Buffer.from('{"model":"m"}'), 'gzip'],
  ['an unknown coding', JSON_TYPE, Buffer.from('{"model":"m"}'), 'aes128gcm'],
  ['a list without end', JSON_TYPE, Buffer.from(`[${'{"a":1},'.repeat(600_000)}1]`)],
  ['deep JSON', SSE, Buffer.from(`data: ${'{"delta":'.repeat(60)}{"model":"m"}${'}'.repeat(60)}\n\n`)],
  ['an impossible length', 'application/vnd.amazon.eventstream', Buffer.alloc(64, 0xff)],
  ['another type', 'image/png', Buffer.from('{"model":"m"}')],
])('%s says nothing, and is harmless', (_name, type, bytes, coding) => {
  expectKnown(answerOf(type, [bytes], coding), { type, body: '' });
});

test('what comes after an event that is too long is read', () => {
  const long = `data: {"model":"${'x'.repeat(2_000_000)}"}\n\n`;
  expect(answerOf(SSE, [Buffer.from(`${long}data: {"model":"m"}\n\n`)]).name).toBe('m');
});

test('names are bounded in number and length, counts are counts', () => {
  const calls = Array.from({ length: 500 }, (_, n) => ({ type: 'tool_use', name: `${n}-${'x'.repeat(500)}` }));
  const body = JSON.stringify({
    model: 'm'.repeat(999),
    content: calls,
    usage: { input_tokens: -1, output_tokens: 1e300 },
  });
  const answer = answerOf(JSON_TYPE, [Buffer.from(body)]);
  expect(answer.calls.size).toBe(64);
  expect(Math.max(...[...answer.calls, answer.name ?? ''].map((name) => name.length))).toBe(128);
  expect([answer.inputTokens, answer.outputTokens]).toEqual([undefined, undefined]);
});

test('bodies are kept only as far as all together may', () => {
  const answer = new AnswerReader();
  const allowance = new Allowance(1000);
  const share = new Share(allowance);
  const look = answerLook([field('content-type', JSON_TYPE)], answer, share);
  look?.push(Buffer.from(`{"model":"m","pad":"${'x'.repeat(2000)}"}`));
  look?.end();
  expect(answer.name).toBeUndefined();
  share.release();
  expect(allowance.take(1000)).toBe(true);
});
