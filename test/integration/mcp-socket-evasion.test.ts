// Attempts to get a forbidden call through a WebSocket: however its frames are made, a server that reads each message as JSON obeys none.
import { Buffer } from 'node:buffer';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type RawOptions, rpc, socketSite, USUAL } from './mcp-socket-site.ts';
import { RULES } from './proxy-mcp-site.ts';
import { closing, encode, type Frame, GOODBYE, more, OPCODE, text } from './websocket-frames.ts';

const call = (name: string, args: object = {}, id: unknown = 1): string =>
  rpc({ id, method: 'tools/call', params: { name, arguments: args } });
const BAD = call('remove');
const GOOD = call('add');
const GREETING = text(
  rpc({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {} } }),
);
const binary = (payload: string | Buffer, final = true): Frame => ({ opcode: OPCODE.binary, payload, final });
const PING: Frame = { opcode: OPCODE.ping, payload: 'p' };
/** Each of these bytes in a frame of its own. */
const byteByByte = (payload: string): Frame[] => [
  text('', false),
  ...[...payload].map((each) => more(each, false)),
  more('', true),
];
const at = BAD.indexOf('tools/ca') + 8;
const withKey = (line: string): string[] => [...USUAL.filter((each) => !each.startsWith('Upgrade')), line];
const deflated = deflateRawSync(BAD, { finishFlush: 2 }).subarray(0, -4);

const WAYS: readonly (readonly [string, readonly (Frame | Buffer)[], RawOptions?])[] = [
  ['as it is', [text(BAD)]],
  ['in pieces of one byte', [text(BAD)], { pieces: 1 }],
  ['in pieces of seven bytes', [PING, text(BAD), PING], { pieces: 7 }],
  ['a fragment that ends within the method', [text(BAD.slice(0, at), false), more(BAD.slice(at), true)]],
  ['every byte a fragment', byteByByte(BAD)],
  ['a ping between fragments', [text(BAD.slice(0, at), false), PING, more(BAD.slice(at), true)]],
  ['pings between all fragments', byteByByte(BAD).flatMap((frame) => [frame, PING])],
  [
    'a pong that nobody asked for, between',
    [text(BAD.slice(0, 9), false), { ...PING, opcode: 10 }, more(BAD.slice(9), true)],
  ],
  ['a fragmented ping that has it', [{ ...text(BAD), opcode: OPCODE.ping, final: false }, more('', true)]],
  [
    'a ping that is longer than it may be',
    [{ opcode: OPCODE.ping, payload: BAD }, { opcode: OPCODE.ping, payload: 'x'.repeat(126) }, text(BAD)],
  ],
  ['a frame without a mask', [{ ...text(BAD), isUnmasked: true }]],
  [
    'a first fragment with and a second without a mask',
    [text(BAD.slice(0, at), false), { ...more(BAD.slice(at), true), isUnmasked: true }],
  ],
  ['a binary message', [binary(BAD)]],
  ['a binary message in fragments', [binary(BAD.slice(0, 3), false), more(BAD.slice(3), true)]],
  ['a binary message that begins with white space', [binary(` \n\t\r ${BAD}`)]],
  ['white space of 100 kB before it', [text(`${' '.repeat(100_000)}${BAD}`)]],
  ['white space in a fragment before it', [text('   ', false), more(' ', false), more(BAD, true)]],
  ['an empty fragment before it', [text('', false), more(BAD, true)]],
  ['an empty message before it', [text(''), binary(''), text(BAD)]],
  [
    'compressed, with RSV1',
    [{ opcode: OPCODE.text, payload: deflated, reserved: 4 }],
    { more: ['Sec-WebSocket-Extensions: permessage-deflate'] },
  ],
  ['not compressed, with RSV1', [{ ...text(BAD), reserved: 4 }]],
  ['with RSV2', [{ ...text(BAD), reserved: 2 }]],
  ['with RSV3 in a continuation', [text(BAD.slice(0, at), false), { ...more(BAD.slice(at), true), reserved: 1 }]],
  ['a message within a message', [text(GOOD, false), text(BAD), more('', true)]],
  ['a binary message within a text', [text('{"a":1', false), binary(BAD), more('}', true)]],
  ['a continuation of nothing', [more(BAD, true)]],
  ['a continuation of what is over', [text(GOOD), more(BAD, true)]],
  ['an opcode that means nothing', [{ opcode: 3, payload: BAD }, text(BAD)]],
  ['an opcode of control that means nothing', [{ opcode: 11, payload: 'x' }, text(BAD)]],
  ['a byte order mark', [text(`\uFEFF${BAD}`)]],
  [
    'a byte order mark in a fragment',
    [text(Buffer.from([0xef]), false), more(Buffer.concat([Buffer.from([0xbb, 0xbf]), Buffer.from(BAD)]), true)],
  ],
  ['UTF-16', [binary(Buffer.from(BAD, 'utf16le'))]],
  ['two texts of JSON in a message', [text(`${GOOD}${BAD}`)]],
  ['two, with the end of a line between', [text(`${GOOD}\n${BAD}`)]],
  ['a good one around the line of a bad one', [text(`${GOOD.slice(0, -1)},"x":\n${BAD}\n}`)]],
  ['a good one around the line of a bad one, with CR', [text(`${GOOD.slice(0, -1)},"x":\r${BAD}\r}`)]],
  ['a batch', [text(`[${GOOD},${BAD.replace('"id":1', '"id":2')}]`)]],
  ['a key twice', [text(BAD.replace('"name"', '"name":"add","name"'))]],
  ['escapes', [text(BAD.replace('remove', '\\u0072emove').replace('tools/call', 'tools\\/call'))]],
  ['a notification', [text(BAD.replace('"id":1,', ''))]],
  ['no jsonrpc', [text(BAD.replace('"jsonrpc":"2.0",', ''))]],
  ['text that is not UTF-8', [text(Buffer.from(BAD.replace('{}', '{"a":"\xff"}'), 'latin1'))]],
  ['a length of 16 bits that needs 7', [{ ...text(BAD), form: 4 }]],
  ['a length of 64 bits that needs 7', [{ ...text(BAD), form: 10 }]],
  ['a length of 64 bits that needs 16', [{ ...text(`${' '.repeat(200)}${BAD}`), form: 10 }]],
  ['a length with the highest bit', [{ ...text(BAD), form: 10, length: 0x8000_0000_0000_0000n | BigInt(BAD.length) }]],
  [
    'a length beyond 32 bits',
    [{ ...text(BAD), form: 10, length: 0x1_0000_0000n + BigInt(BAD.length) }, text(BAD)],
    { ends: true },
  ],
  ['the longest length', [{ ...text(BAD), form: 10, length: 0xffff_ffff_ffff_ffffn }, text(BAD)]],
  ['a length that says less than comes', [{ ...text(`${GOOD}${BAD}`), form: 10, length: BigInt(GOOD.length) }]],
  ['behind a close', [closing(1000), text(BAD)]],
  ['behind a close with a reason', [closing(1001, BAD.slice(0, 100)), text(BAD)]],
  ['behind a close that says nothing', [closing(), text(BAD)]],
  ['behind a close with half a code', [{ opcode: OPCODE.close, payload: 'x' }, text(BAD)]],
  ['behind a close that is a fragment', [{ ...closing(1000), final: false }, text(BAD)]],
  ['a close between its fragments', [text(BAD.slice(0, at), false), closing(1000), more(BAD.slice(at), true)]],
  ['an argument', [text(call('read', { path: '/etc/passwd' }))]],
  ['behind 34 MiB that are no JSON', [binary(Buffer.alloc(34 << 20, 1)), text(BAD)]],
  ['padded to 34 MiB', [text(BAD.replace('{}', `{"a":"${'x'.repeat(34 << 20)}"}`))]],
  [
    'padded to 34 MiB in fragments',
    [text(' ', false), ...Array.from({ length: 34 }, () => more(Buffer.alloc(1 << 20, 0x20), false)), more(BAD, true)],
  ],
  ['behind the end of a message that was too long', [text(`${' '.repeat(34 << 20)}`), text(BAD)]],
  ['sent before the handshake is answered', [text(GOOD), text(BAD)]],
  ['the subprotocol in upper case', [text(BAD)], { more: ['Sec-WebSocket-Protocol: MCP'] }],
  [
    'the subprotocol beside others',
    [text(BAD)],
    { more: ['Sec-WebSocket-Protocol: chat, mcp', 'Sec-WebSocket-Protocol: x'] },
  ],
  ['another subprotocol', [text(BAD)], { more: ['Sec-WebSocket-Protocol: graphql-ws'] }],
  ['the protocol in another case', [text(BAD)], { lines: withKey('Upgrade: WebSocket') }],
  ['another protocol, with the key of a WebSocket', [text(BAD)], { lines: withKey('Upgrade: socket'), ends: true }],
  ['no protocol, with the key of a WebSocket', [text(BAD)], { lines: withKey('X-Nothing: 1'), ends: true }],
  ['two protocols', [text(BAD)], { lines: withKey('Upgrade: websocket, h2c'), ends: true }],
  ['a handshake with content', [text(BAD)], { more: [`Content-Length: ${encode(text(BAD)).length}`] }],
  [
    'a handshake with content in chunks',
    [Buffer.from(`${BAD.length.toString(16)}\r\n${BAD}\r\n0\r\n\r\n`)],
    { more: ['Transfer-Encoding: chunked'] },
  ],
  ['a POST that asks for a WebSocket', [Buffer.from(BAD)], { method: 'POST', more: [`Content-Length: ${BAD.length}`] }],
  [
    'an older version',
    [Buffer.concat([Buffer.of(0), Buffer.from(BAD), Buffer.of(0xff)])],
    { lines: USUAL.map((each) => each.replace('13', '8')) },
  ],
  ['frames of the first draft', [Buffer.concat([Buffer.of(0), Buffer.from(BAD), Buffer.of(0xff)])]],
];

describe.each([
  ['to a server that was greeted', [GREETING]],
  ['to one that was not', []],
] as const)('%s', (_where, first) => {
  it.each(WAYS.map(([name, frames, options = {}]) => ({ name, frames, options })))(
    'is not obeyed: $name',
    { timeout: 60_000 },
    async ({ frames, options }) => {
      const site = await socketSite(RULES, { isCompressing: true });
      await site.converse([...first, ...frames, GOODBYE], options);
      const isForbidden = (name: unknown, args: unknown): boolean =>
        name === 'remove' || /\/etc\//.test(JSON.stringify(args));
      expect(site.obeyed.filter(([, name, args]) => isForbidden(name, args))).toEqual([]);
      expect(site.reached.filter((body) => body.includes('remove'))).toEqual([]);
    },
  );
});

it('the same server obeys it where no policy speaks of calls, compressed too', async () => {
  const site = await socketSite('permit(principal, action, resource);', { isCompressing: true });
  for (const name of ['as it is', 'every byte a fragment', 'a binary message', 'compressed, with RSV1']) {
    const way = WAYS.find(([each]) => each === name);
    await site.converse([...(way?.[1] ?? []), GOODBYE], way?.[2]);
  }
  expect(site.obeyed).toEqual(Array.from({ length: 4 }, () => ['tools/call', 'remove', {}]));
});
