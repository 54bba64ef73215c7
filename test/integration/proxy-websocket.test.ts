// WebSocket through the proxy equals WebSocket without it, byte for byte, in the groups of cases that the Autobahn test suite has:
// framing, pings, reserved bits, opcodes, fragments, UTF-8, closing, large and many messages, compression (RFC 6455, RFC 7692).
import { Buffer } from 'node:buffer';
import type https from 'node:https';
import type net from 'node:net';
import tls from 'node:tls';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { Lab } from './proxy-lab.ts';
import { closing, encode, type Frame, GOODBYE, more, OPCODE, text } from './websocket-frames.ts';

const NAME = 'socket.example.test';
interface Case {
  readonly name: string;
  readonly frames: readonly Frame[];
  /** Bytes of each write; all in one when absent. */
  readonly pieces?: number;
  readonly isCompressed?: boolean;
}

const SIZES = [0, 1, 125, 126, 127, 128, 65_535, 65_536];
const PHRASE = 'Hello-µ@ßöäüàá-UTF-8!!';
const INVALID_UTF8 = [
  'ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80',
  'f4 90 80 80',
  'c0 af',
  'ff',
  'e2 82',
  'f8 88 80 80 80',
];

const CASES: readonly Case[] = [
  ...SIZES.flatMap((size): Case[] => [
    { name: `text of ${size}`, frames: [text('*'.repeat(size)), GOODBYE] },
    { name: `binary of ${size}`, frames: [{ opcode: OPCODE.binary, payload: Buffer.alloc(size, 0xfe) }, GOODBYE] },
  ]),
  { name: 'text of 65536 in pieces of 997', frames: [text('*'.repeat(65_536)), GOODBYE], pieces: 997 },
  { name: 'text of 200 in single bytes', frames: [text('*'.repeat(200)), GOODBYE], pieces: 1 },
  ...[0, 1, 125, 126].map(
    (size): Case => ({
      name: `ping of ${size}`,
      frames: [{ opcode: OPCODE.ping, payload: Buffer.alloc(size, 0xfe) }, GOODBYE],
    }),
  ),
  { name: 'ping in single bytes', frames: [{ opcode: OPCODE.ping, payload: 'payload' }, GOODBYE], pieces: 1 },
  { name: 'pong unasked', frames: [{ opcode: OPCODE.pong, payload: 'unasked' }, { opcode: OPCODE.ping }, GOODBYE] },
  {
    name: 'ten pings',
    frames: [...Array.from({ length: 10 }, (_, n): Frame => ({ opcode: OPCODE.ping, payload: `p${n}` })), GOODBYE],
  },
  ...[1, 2, 3, 4, 5, 6, 7].map(
    (reserved): Case => ({
      name: `reserved bits ${reserved}`,
      frames: [text('first'), { ...text(PHRASE), reserved }, { opcode: OPCODE.ping }],
    }),
  ),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (opcode): Case => ({
      name: `opcode ${opcode}`,
      frames: [text('first'), { opcode, payload: 'x' }, { opcode: OPCODE.ping }],
    }),
  ),
  { name: 'a frame without a mask', frames: [{ ...text('x'), isUnmasked: true }] },
  { name: 'fragments', frames: [text('frag', false), more('ment', false), more('', false), more('ed', true), GOODBYE] },
  {
    name: 'a ping between fragments',
    frames: [text('frag', false), { opcode: OPCODE.ping, payload: 'between' }, more('ment', true), GOODBYE],
  },
  { name: 'a fragmented ping', frames: [{ opcode: OPCODE.ping, final: false }, more('', true)] },
  { name: 'a continuation of nothing', frames: [more('x', true), text('y')] },
  { name: 'a new message between fragments', frames: [text('x', false), text('y'), GOODBYE] },
  { name: 'fragments in single bytes', frames: [text('frag', false), more('ment', true), GOODBYE], pieces: 1 },
  { name: 'UTF-8', frames: [text(PHRASE), text('\u{10ffff}\u{ffff}\u{0}'), GOODBYE] },
  {
    name: 'UTF-8 cut between fragments',
    frames: [text(Buffer.from([0xce]), false), more(Buffer.from([0xba]), true), GOODBYE],
  },
  ...INVALID_UTF8.map(
    (hex): Case => ({
      name: `invalid UTF-8 ${hex}`,
      frames: [text(Buffer.from(hex.replaceAll(' ', ''), 'hex')), { opcode: OPCODE.ping }],
    }),
  ),
  { name: 'a close of nothing', frames: [closing()] },
  { name: 'a close with half a code', frames: [{ opcode: OPCODE.close, payload: 'x' }] },
  { name: 'a close with a reason of 123', frames: [closing(1000, '*'.repeat(123))] },
  { name: 'a close that is too long', frames: [closing(1000, '*'.repeat(124))] },
  { name: 'a close with invalid UTF-8', frames: [closing(1000, Buffer.from([0xff]))] },
  { name: 'what follows a close', frames: [GOODBYE, text('after'), { opcode: OPCODE.ping }] },
  { name: 'two closes', frames: [GOODBYE, GOODBYE] },
  ...[
    0, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1011, 1016, 1100, 2000, 2999, 3000, 3999, 4000, 4999, 5000,
    65_535,
  ].map((code): Case => ({ name: `a close with ${code}`, frames: [closing(code)] })),
  { name: 'text of 4 MB', frames: [text('*'.repeat(4 << 20)), GOODBYE] },
  {
    name: 'binary of 4 MB in 64 fragments',
    frames: [
      { opcode: OPCODE.binary, payload: Buffer.alloc(65_536, 1), final: false },
      ...Array.from({ length: 62 }, () => more(Buffer.alloc(65_536, 2), false)),
      more(Buffer.alloc(65_536, 3), true),
      GOODBYE,
    ],
  },
  { name: '1,000 small messages', frames: [...Array.from({ length: 1_000 }, (_, n) => text(`message ${n}`)), GOODBYE] },
  ...[16, 1_024, 131_072].map(
    (size): Case => ({
      name: `compressed text of ${size}`,
      isCompressed: true,
      frames: [compressed('abc '.repeat(size / 4)), compressed(PHRASE), GOODBYE],
    }),
  ),
  { name: 'compressed, damaged', isCompressed: true, frames: [{ ...text(Buffer.alloc(9, 0xff)), reserved: 4 }] },
];

/** RFC 7692, section 7.2.1: without the four bytes that end an empty block. */
function compressed(payload: string): Frame {
  const deflated = deflateRawSync(payload, { finishFlush: 2 });
  return { opcode: OPCODE.text, reserved: 4, payload: deflated.subarray(0, -4) };
}

let lab: Lab;
let sockets: WebSocketServer;
let direct: number;
let proxied: number;
beforeAll(async () => {
  lab = new Lab();
  const origin: https.Server = await lab.httpsOrigin(NAME, (_request, response) => response.writeHead(426).end());
  sockets = new WebSocketServer({ server: origin, perMessageDeflate: { threshold: 0 }, maxPayload: 16 << 20 });
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('message', (message: RawData, isBinary: boolean) => socket.send(message as Buffer, { binary: isBinary }));
    socket.on('error', () => {});
  });
  direct = (origin.address() as net.AddressInfo).port;
  proxied = await lab.dialledName(NAME, 443);
});
afterAll(async () => {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await lab.close();
});

/** All that comes back, from the response on to the end of the connection, without what tells the time. */
async function converse(port: number, ca: string, { frames, pieces, isCompressed = false }: Case): Promise<string> {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: NAME, ca, ALPNProtocols: ['http/1.1'] });
  const received: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => received.push(bytes)).on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const extension = isCompressed ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : '';
  socket.write(
    `GET /echo HTTP/1.1\r\nHost: ${NAME}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${extension}\r\n`,
  );
  while (!Buffer.concat(received).includes('\r\n\r\n') && !socket.closed)
    await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
  const bytes = Buffer.concat(frames.map(encode));
  const step = pieces ?? bytes.length;
  for (let at = 0; at < bytes.length && !socket.destroyed; at += step) {
    socket.write(bytes.subarray(at, at + step));
    if (pieces !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  await closed;
  const answer = Buffer.concat(received).toString('latin1');
  const end = answer.indexOf('\r\n\r\n');
  // Order and case of the fields of the response are the proxy's own.
  const fields = answer.slice(0, end).toLowerCase().split('\r\n').sort().join('\n');
  return `${fields}\n\n${answer.slice(end + 4)}`;
}

it.each(CASES)('$name', { timeout: 120_000 }, async (each) => {
  const expected = await converse(direct, lab.originCa.certificatePem, each);
  expect(expected).toContain('101 switching protocols');
  expect(await converse(proxied, lab.sessionCa.certificatePem, each)).toBe(expected);
});
