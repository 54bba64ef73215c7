// Bytes from a fuzzer in; what was read of requests to models and of their answers out, or an exception when that breaks a promise.
import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import { readStrictJson } from '../../src/json/strict-json.ts';
import { Allowance, Share } from '../../src/proxy/exchange/allowance.ts';
import { answerLook } from '../../src/proxy/model/answer-look.ts';
import { AnswerReader } from '../../src/proxy/model/model-answer.ts';
import { answerDetail, askedDetail, askedText } from '../../src/proxy/model/model-detail.ts';
import { mayBeJson, readBody } from '../../src/proxy/model/read-body.ts';
import { ANSWERS } from '../unit/proxy/model/known-answers.ts';
import { REQUESTS } from '../unit/proxy/model/known-requests.ts';
import type { ByteFuzzer } from './bytes.ts';

const BODIES = REQUESTS.map(([, host, path, body]) => ({ host, path, bytes: Buffer.from(JSON.stringify(body)) }));
const KNOWN = Object.values(ANSWERS).map(({ type, body }) => ({ type, bytes: Buffer.from(body as string) }));

const field = (name: string, value: string): { name: string; value: string; line: string } => ({
  name,
  value,
  line: `${name}: ${value}`,
});

/** Keys as they stand in the text, by another way than the reader's; the number that a reader of JSON gives back is smaller if one repeats. */
function keysIn(text: string): number {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '').split(':').length - 1;
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, each) => sum + keysOf(each), own);
}

function checkJson(bytes: Buffer): void {
  const reading = readStrictJson(bytes);
  if ('fault' in reading) return;
  const text = bytes.toString('utf8');
  assert.deepEqual(reading.value, JSON.parse(text), 'another value than the usual one');
  assert.equal(keysOf(reading.value), keysIn(text), 'a key was lost');
}

function bounded(detail: object, most: number): void {
  for (const value of Object.values(detail)) {
    if (typeof value === 'number') assert(Number.isSafeInteger(value) && value >= 0);
    for (const text of Array.isArray(value) ? value : [value])
      assert(typeof text !== 'string' || text.length <= 128, 'a long name');
    assert(!Array.isArray(value) || value.length <= most, 'a long list');
  }
}

export function readModelBody(fuzzer: ByteFuzzer): string {
  const { host, path, bytes } = fuzzer.pick(BODIES);
  const plain = fuzzer.mutated(bytes);
  checkJson(plain);
  const coding = fuzzer.pick(['', 'gzip', 'br']);
  const coded = coding === 'gzip' ? zlib.gzipSync(plain) : coding === 'br' ? zlib.brotliCompressSync(plain) : plain;
  const fields = [
    ...(fuzzer.chance(0.7) ? [field('content-type', 'application/json')] : []),
    ...(coding === '' ? [] : [field('content-encoding', coding)]),
  ];
  const sent = fuzzer.chance(0.8) ? coded : fuzzer.mutated(coded);
  const reading = readBody(host, fuzzer.mutated(Buffer.from(path)).toString('latin1'), fields, sent);
  // What is not looked at must be nothing that a server would take for a request.
  if (!mayBeJson(fields, sent))
    assert(!('asked' in reading) || reading.asked === undefined, 'skipped, and yet a request');
  if ('fault' in reading) return 'refused';
  if (reading.asked === undefined) return 'another request';
  bounded(askedDetail(reading.asked), 64);
  assert.match(askedText(reading.asked), /^[\x20-\x7e…]*$/);
  return reading.asked.doubts.length === 0 ? 'understood' : 'doubted';
}

function answered(type: string, coding: string, pieces: readonly Buffer[]): object {
  const answer = new AnswerReader();
  const allowance = new Allowance(1 << 24);
  const share = new Share(allowance);
  const fields = [field('content-type', type), ...(coding === '' ? [] : [field('content-encoding', coding)])];
  const look = answerLook(fields, answer, share);
  assert(look !== undefined);
  for (const piece of pieces) look.push(piece);
  look.end();
  share.release();
  assert(allowance.take(1 << 24), 'something is still held');
  return answerDetail(answer);
}

export function readModelAnswer(fuzzer: ByteFuzzer): string {
  const { type, bytes } = fuzzer.pick(KNOWN);
  const coding = fuzzer.pick(['', '', 'gzip', 'deflate']);
  const plain = fuzzer.mutated(bytes);
  const coded = coding === 'gzip' ? zlib.gzipSync(plain) : coding === 'deflate' ? zlib.deflateSync(plain) : plain;
  const sent = fuzzer.chance(0.8) ? coded : fuzzer.mutated(coded);
  const detail = answered(type, coding, [sent]);
  assert.deepEqual(answered(type, coding, fuzzer.cut(sent)), detail, 'it matters how the bytes are cut');
  bounded(detail, 64);
  return Object.keys(detail).length === 0 ? 'nothing' : 'understood';
}
