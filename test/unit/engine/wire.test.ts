import { describe, expect, test } from 'vitest';
import { decodeRecord, FrameReader, splitWords, WireError } from '../../../src/engine/wire.ts';
import { FRAME_BYTES, LAYOUT, MAX_PAYLOAD, WIRE_TYPE } from '../../../src/engine/wire-layout.ts';
import { encodeDatagram, encodeFrame } from '../../../src/engine/wire-order.ts';
import { eventFrame, processFrame } from './wire-samples.ts';

const read = (bytes: Buffer, reader = new FrameReader()) => [...reader.read(bytes)];

describe('records of the warden', () => {
  test('a process', () => {
    expect(read(processFrame('/bin/sh', 'sh\0\0a b\0'))).toEqual([
      {
        type: 'process',
        process: {
          pid: 7,
          parent: 2,
          hostPid: 4242,
          uid: 1000,
          exe: '/bin/sh',
          argv: ['sh', '', 'a b'],
          line: 65_536,
          lineUp: 3,
          server: 0,
        },
      },
    ]);
  });

  test('content hashes are text; zeros are none', () => {
    const sha256 = `00${'ab'.repeat(31)}`;
    expect(read(processFrame('/bin/sh', 'sh', {}, sha256))).toMatchObject([{ process: { sha256 } }]);
    expect(read(eventFrame({ sha256 }))).toMatchObject([{ event: { sha256 } }]);
    expect(read(eventFrame({}))).not.toHaveProperty(['0', 'event', 'sha256']);
  });

  test('an event, and a query with the same fields', () => {
    const event = {
      time: 1_700_000_000_123.4568,
      id: 5n,
      pid: 7,
      epoch: 3,
      operation: 10,
      actions: 3,
      denied: 2,
      flags: 4,
      error: 13,
      path: '/ä',
      path2: '/b',
      port: 443,
      address: '',
      protocol: 'tcp',
      line: 12,
    };
    expect(read(eventFrame({ path: '/ä', path2: '/b' }))).toEqual([{ type: 'event', event }]);
    expect(read(eventFrame({ path: '/ä', path2: '/b' }, WIRE_TYPE.query))).toEqual([{ type: 'query', event }]);
  });

  test.each([
    [4, [192, 0, 2, 1], '192.0.2.1'],
    [6, [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], '2001:db8::1'],
    [6, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], '::'],
    [0, [1, 2, 3, 4], ''],
  ])('an address of family %i', (family, address, text) => {
    expect(read(eventFrame({ family, address, protocol: 17 }))).toMatchObject([
      { event: { address: text, protocol: 'udp' } },
    ]);
  });

  test('ready, epoch, exit, fault and connected', () => {
    const words = (...values: number[]): Buffer =>
      Buffer.concat(values.map((value) => Buffer.from(Int32Array.of(value).buffer)));
    expect(decodeRecord(WIRE_TYPE.ready, words(77, 7))).toEqual({ type: 'ready', pid: 77, landlockAbi: 7 });
    expect(decodeRecord(WIRE_TYPE.epoch, words(2, 0))).toEqual({ type: 'epoch', epoch: 2 });
    expect(decodeRecord(WIRE_TYPE.exit, words(143, 0))).toEqual({ type: 'exit', status: 143 });
    const fault = Buffer.concat([words(2, 13), Buffer.from('no way')]);
    expect(decodeRecord(WIRE_TYPE.fault, fault)).toEqual({ type: 'fault', code: 2, error: 13, text: 'no way' });
    const connected = Buffer.alloc(LAYOUT.wire_connected.bytes);
    connected.writeUInt32LE(7, LAYOUT.wire_connected.pid);
    connected.writeUInt16LE(40_000, LAYOUT.wire_connected.local_port);
    connected.writeUInt16LE(443, LAYOUT.wire_connected.port);
    connected.writeUInt32LE(9, LAYOUT.wire_connected.line);
    connected.writeUInt8(6, LAYOUT.wire_connected.family);
    connected.writeUInt8(17, LAYOUT.wire_connected.protocol);
    expect(decodeRecord(WIRE_TYPE.connected, connected)).toEqual({
      type: 'connected',
      connected: { pid: 7, line: 9, localPort: 40_000, port: 443, family: 6, protocol: 'udp', local: '::' },
    });
    connected.writeUInt8(1, LAYOUT.wire_connected.bound);
    expect(decodeRecord(WIRE_TYPE.connected, connected)).toMatchObject({ connected: { isBound: true } });
  });

  test('a datagram, and the answer to it', () => {
    const ends = Buffer.alloc(LAYOUT.wire_datagram.bytes);
    Buffer.from([10, 0, 0, 1]).copy(ends, LAYOUT.wire_datagram.agent);
    Buffer.from([192, 0, 2, 1]).copy(ends, LAYOUT.wire_datagram.peer);
    ends.writeUInt16LE(40_000, LAYOUT.wire_datagram.agent_port);
    ends.writeUInt16LE(123, LAYOUT.wire_datagram.peer_port);
    ends.writeUInt8(4, LAYOUT.wire_datagram.family);
    ends.writeUInt32LE(9, LAYOUT.wire_datagram.line);
    const bytes = Buffer.from('what time is it');
    expect(decodeRecord(WIRE_TYPE.datagram, Buffer.concat([ends, bytes]))).toEqual({
      type: 'datagram',
      datagram: {
        agent: { address: '10.0.0.1', port: 40_000 },
        peer: { address: '192.0.2.1', port: 123 },
        line: 9,
        ends,
        bytes,
      },
    });
    expect(encodeDatagram('deliver', ends, bytes)).toEqual(encodeFrame(WIRE_TYPE.deliver, ends, bytes));
    expect(encodeDatagram('unreachable', ends)).toEqual(encodeFrame(WIRE_TYPE.unreachable, ends));
    ends.writeUInt8(5, LAYOUT.wire_datagram.family);
    expect(() => decodeRecord(WIRE_TYPE.datagram, ends)).toThrow('no family');
    expect(() => decodeRecord(WIRE_TYPE.datagram, ends.subarray(1))).toThrow('datagram record of 43 bytes');
  });
});

describe('what cannot be trusted', () => {
  test('an unknown type', () =>
    expect(() => read(encodeFrame(99))).toThrow(new WireError('record of unknown type 99')));

  test.each([
    ['operation', 0],
    ['operation', 99],
    ['actions', 0],
    ['actions', 0x80],
    ['denied', 0b100],
    ['verdict', 1],
    ['verdict', 2],
    ['flags', 0xf0],
    ['error', -1],
    ['error', 4096],
    ['family', 5],
  ] as const)('an event whose %s no warden writes (%d)', (name, value) => {
    const frame = eventFrame({ path: '/x' });
    const at = FRAME_BYTES + LAYOUT.wire_event[name];
    if (name === 'error') frame.writeInt32LE(value, at);
    else if (name === 'operation' || name === 'actions' || name === 'denied') frame.writeUInt16LE(value, at);
    else frame.writeUInt8(value, at);
    expect(() => read(frame)).toThrow(new WireError(`event record whose field "${name}" makes no sense`));
  });

  test('another version, told apart from other faults', () => {
    const frame = encodeFrame(WIRE_TYPE.epoch, Buffer.alloc(8));
    frame.writeUInt16LE(2, LAYOUT.wire_frame.version);
    expect(() => read(frame)).toThrow(expect.objectContaining({ isVersion: true }));
  });

  test('a length above the limit, before anything is kept', () => {
    const frame = encodeFrame(WIRE_TYPE.event);
    frame.writeUInt32LE(MAX_PAYLOAD + 1, 0);
    expect(() => read(frame)).toThrow(/at most/);
  });

  test.each(Object.entries(WIRE_TYPE).filter(([, type]) => type >= 16))('%s one byte short', (_name, type) => {
    expect(() => decodeRecord(type, Buffer.alloc(7))).toThrow(WireError);
  });

  test.each([
    ['a process whose texts are shorter than said', () => processFrame('/bin/sh', 'sh', { exe: 100 })],
    ['a process whose texts are longer than said', () => processFrame('/bin/sh', 'sh', { argv: 1 })],
    ['lengths that overflow', () => processFrame('/bin/sh', 'sh', { exe: 0xffff_ffff, argv: 0xffff_ffff })],
  ])('%s', (_name, frame) => expect(() => read(frame())).toThrow(WireError));
});

describe('the reader', () => {
  const frames = Buffer.concat([
    processFrame('/bin/sh', 'sh\0'),
    eventFrame({ path: '/x' }),
    encodeFrame(WIRE_TYPE.epoch, Buffer.alloc(8)),
  ]);

  test.each([1, 2, 3, 7, 8, 9, 64, 1000])('finds the same records in pieces of %i bytes', (size) => {
    const reader = new FrameReader();
    const records = [];
    for (let at = 0; at < frames.length; at += size) records.push(...reader.read(frames.subarray(at, at + size)));
    expect(records).toEqual(read(frames));
    expect(records).toHaveLength(3);
    expect(reader.pending).toBe(0);
  });

  test('keeps a copy of what is unfinished: the chunk may be used again', () => {
    const reader = new FrameReader();
    const chunk = Buffer.from(frames.subarray(0, 20));
    expect(read(chunk, reader)).toEqual([]);
    expect(reader.pending).toBe(20);
    chunk.fill(0);
    expect(read(frames.subarray(20), reader)).toHaveLength(3);
  });
});

test.each([
  ['', []],
  ['a\0', ['a']],
  ['a', ['a']],
  ['\0', ['']],
  ['a\0\0b', ['a', '', 'b']],
])('words of %j', (text, words) => expect(splitWords(Buffer.from(text))).toEqual(words));
