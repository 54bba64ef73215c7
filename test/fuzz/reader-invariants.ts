// Bytes from a fuzzer in; what each reader made of them out, or an exception when that breaks a promise.
import assert from 'node:assert/strict';
import { ProcessTable } from '../../src/engine/process-table.ts';
import { translate } from '../../src/engine/translate.ts';
import { FrameReader, WireError } from '../../src/engine/wire.ts';
import { FRAME_BYTES, LAYOUT, MAX_PAYLOAD, OPERATION, WIRE_TYPE } from '../../src/engine/wire-layout.ts';
import { encodeFrame } from '../../src/engine/wire-order.ts';
import type { WireRecord } from '../../src/engine/wire-record.ts';
import { classify } from '../../src/proxy/connection/first-bytes.ts';
import { ChunkedFraming } from '../../src/proxy/http/body.ts';
import { ProtocolError, parseRequestHead, parseResponseHead } from '../../src/proxy/http/head.ts';
import { readClientHello } from '../../src/proxy/tls/client-hello.ts';
import { eventFrame, processFrame } from '../unit/engine/wire-samples.ts';
import type { ByteFuzzer } from './bytes.ts';

interface Read {
  readonly records: readonly WireRecord[];
  /** The message of the WireError that ended it. */
  readonly fault: string | undefined;
}

function readAll(pieces: readonly Buffer[]): Read {
  const reader = new FrameReader();
  const records: WireRecord[] = [];
  try {
    for (const piece of pieces) {
      for (const record of reader.read(piece)) records.push(record);
      assert(reader.pending <= MAX_PAYLOAD + FRAME_BYTES, 'more is kept than one record');
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { records, fault: error.message };
  }
  return { records, fault: undefined };
}

const FRAMES: readonly (() => Buffer)[] = [
  () => processFrame('/bin/sh', 'sh\0-c\0true\0'),
  () => eventFrame({ path: '/home/u/a', path2: '/home/u/b', family: 0 }),
  () => eventFrame({ family: 6, address: Array.from({ length: 16 }, (_, i) => i) }, WIRE_TYPE.query),
  () => eventFrame({ path: '/bin/sh', path2: 'sh\0-c\0' }),
  ...[LAYOUT.wire_ready, LAYOUT.wire_epoch, LAYOUT.wire_exit, LAYOUT.wire_connected, LAYOUT.wire_fault].map(
    ({ bytes }, index) =>
      (): Buffer =>
        encodeFrame([16, 20, 21, 23, 22][index] ?? 0, Buffer.alloc(bytes)),
  ),
];

/** Sound records of every operation, or bytes near them: a WireError or records that the session can use, however they are cut. */
export function readRecords(fuzzer: ByteFuzzer): string {
  const frames = Array.from({ length: 1 + fuzzer.below(4) }, () => {
    const frame = fuzzer.pick(FRAMES)();
    if (frame.readUInt16LE(LAYOUT.wire_frame.type) !== WIRE_TYPE.event) return frame;
    frame.writeUInt16LE(fuzzer.pick(Object.values(OPERATION)), FRAME_BYTES + LAYOUT.wire_event.operation);
    return frame;
  });
  const bytes = fuzzer.mutated(Buffer.concat(frames));
  const whole = readAll([bytes]);
  assert.deepEqual(readAll(fuzzer.cut(bytes)), whole, 'it matters how the bytes are cut');
  const processes = new ProcessTable();
  for (const record of whole.records) {
    if (record.type === 'process') processes.learn(record.process);
    if (record.type === 'event') translate(record.event, processes, () => ({ effect: 'deny', policies: [] }));
    if (record.type === 'query') assert(record.event.actions !== 0, 'a question about nothing');
  }
  return whole.fault === undefined ? 'understood' : 'refused';
}

/** Bytes behind their length in `size` bytes. */
function vector(size: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(size);
  length.writeUIntBE(body.length, 0, size);
  return Buffer.concat([length, body]);
}

function extension(type: number, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([type >> 8, type & 0xff]), vector(2, ...parts)]);
}

const SERVER_NAME = extension(0, vector(2, Buffer.from([0]), vector(2, Buffer.from('example.com'))));
const ALPN = extension(16, vector(2, vector(1, Buffer.from('h2')), vector(1, Buffer.from('http/1.1'))));
const VERSIONS = extension(43, Buffer.from([2, 3, 4]));

/** A TLS 1.3 hello with a name and two protocols, in one record. */
const HELLO = Buffer.concat([
  Buffer.from([0x16, 3, 1]),
  vector(
    2,
    Buffer.from([1]),
    vector(
      3,
      Buffer.alloc(34, 3),
      vector(1),
      vector(2, Buffer.from([0x13, 1])),
      vector(1, Buffer.from([0])),
      vector(2, SERVER_NAME, ALPN, VERSIONS),
    ),
  ),
]);

export function readTls(fuzzer: ByteFuzzer): string {
  const bytes = fuzzer.mutated(HELLO);
  const hello = readClientHello(bytes);
  const first = classify(bytes);
  // A record of TLS is read as TLS or refused: relayed as another protocol, what follows would not be seen.
  if ((bytes[0] ?? 0) >= 0x14 && (bytes[0] ?? 0) <= 0x18 && bytes[1] === 3)
    assert(first === 'incomplete' || first.kind === 'tls' || first.kind === 'malformed');
  if (typeof hello === 'string') {
    // What is malformed does not become sound by more bytes.
    if (hello === 'malformed') assert.equal(readClientHello(Buffer.concat([bytes, fuzzer.bytes(8)])), 'malformed');
    return hello;
  }
  assert.deepEqual(readClientHello(Buffer.concat([bytes, fuzzer.bytes(8)])), hello, 'what follows is read, too');
  assert(hello.serverName === undefined || (hello.serverName !== '' && !hello.serverName.includes('\0')));
  return 'understood';
}

const HEADS: readonly string[] = [
  'GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket',
  'POST http://example.com/ HTTP/1.1\r\nHost: example.com\r\nContent-Length: 12\r\nX: y',
  'PUT /x HTTP/1.1\r\nhost:e\r\nTransfer-Encoding: chunked\r\nTrailer: a',
  'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close',
  'HTTP/1.0 404 Not Found\r\nServer: x\r\nTransfer-Encoding: chunked',
];

export function readHead(fuzzer: ByteFuzzer): string {
  const text = fuzzer.mutated(Buffer.from(fuzzer.pick(HEADS), 'latin1')).toString('latin1');
  try {
    const head = text.startsWith('HTTP') ? parseResponseHead(text) : parseRequestHead(text);
    for (const { name, value } of head.fields) {
      assert.match(name, /^[!#$%&'*+\-.^_`|~0-9a-z]+$/);
      assert.doesNotMatch(value, /[\0\r\n]/);
    }
    assert(!head.isChunked || head.contentLength === undefined, 'two lengths');
    assert(head.contentLength === undefined || Number.isSafeInteger(head.contentLength));
    return 'understood';
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    assert(error.status >= 400 && error.status < 600);
    return 'refused';
  }
}

const BODY = Buffer.from(
  '4\r\nWiki\r\n5;a=b\r\npedia\r\nE\r\n in\r\n\r\nchunks.\r\n0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n',
);

interface Taken {
  readonly bytes: number;
  readonly outcome: 'complete' | 'open' | 'refused';
}

function takeBody(pieces: readonly Buffer[]): Taken {
  const framing = new ChunkedFraming();
  let bytes = 0;
  try {
    for (const piece of pieces) {
      const taken = framing.feed(piece, 0);
      assert(taken >= 0 && taken <= piece.length);
      assert(taken === piece.length || framing.isComplete, 'a body stops before its end');
      bytes += taken;
      if (framing.isComplete) return { bytes, outcome: 'complete' };
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { bytes: 0, outcome: 'refused' };
  }
  return { bytes, outcome: 'open' };
}

export function readBody(fuzzer: ByteFuzzer): string {
  const bytes = fuzzer.mutated(BODY);
  const whole = takeBody([bytes]);
  assert.deepEqual(takeBody(fuzzer.cut(bytes)), whole, 'it matters how the bytes are cut');
  return whole.outcome;
}
