// Frames in pieces of every size: what passes as it came, what is held and passes whole, and what breaks the connection.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { readFrameHeader } from '../../../../src/proxy/web-socket/frame.ts';
import { FrameWriter } from '../../../../src/proxy/web-socket/frame-writer.ts';
import { MessageFilter, type MessageFilterOptions } from '../../../../src/proxy/web-socket/message-filter.ts';
import { closing, encode, type Frame, more, OPCODE, text } from '../../../integration/websocket-frames.ts';

interface Filtering {
  readonly filter: MessageFilter;
  readonly sent: Buffer[];
  readonly told: string[];
}

/** Messages that begin with `{` are held, those that begin with `s` seen. */
function filtering(options: Partial<MessageFilterOptions> = {}): Filtering {
  const sent: Buffer[] = [];
  const told: string[] = [];
  const writer = new FrameWriter({ isToServer: false, send: (bytes) => sent.push(Buffer.from(bytes)) });
  const filter = new MessageFilter({
    isFromClient: true,
    writer,
    wayOf: (start) => ({ '{': 'held', s: 'seen' })[start.toString('latin1', 0, 1)] ?? 'unseen',
    rewrite: (content) => {
      told.push(`held ${content.toString('utf8')}`);
      return content.includes('no') ? undefined : content;
    },
    seen: (content) => told.push(`seen ${content.toString('utf8')}`),
    tooLong: () => {
      told.push('too long');
      return undefined;
    },
    closed: () => told.push('closed'),
    budget: { take: () => true, release: () => {} },
    ...options,
  } as MessageFilterOptions);
  return { filter, sent, told };
}

const bytesOf = (frames: readonly Frame[]): Buffer => Buffer.concat(frames.map(encode));
const PING: Frame = { opcode: OPCODE.ping, payload: 'p' };

test('what is held passes in one frame, or not at all, however it was cut', () => {
  const frames = [
    text('{"a', false),
    PING,
    more('":1', false),
    more('', false),
    more('}', true),
    text('{no}'),
    text('{2}'),
  ];
  const bytes = bytesOf(frames);
  for (const step of [1, 2, 3, 5, 7, 11, bytes.length]) {
    const { filter, sent, told } = filtering();
    for (let at = 0; at < bytes.length; at += step) expect(filter.push(bytes.subarray(at, at + step))).toBeUndefined();
    expect(Buffer.concat(sent)).toEqual(
      Buffer.concat([encode(PING), Buffer.from('\x81\x07{"a":1}\x81\x03{2}', 'latin1')]),
    );
    expect(told).toEqual(['held {"a":1}', 'held {no}', 'held {2}']);
  }
});

test('what is not held passes to the byte, and is read beside if it is seen', () => {
  const bytes = bytesOf([text('unseen '.repeat(9), false), PING, more('', true), text('see', false), more('n', true)]);
  for (const step of [1, 4, 17, bytes.length]) {
    const { filter, sent, told } = filtering();
    for (let at = 0; at < bytes.length; at += step) filter.push(bytes.subarray(at, at + step));
    expect(Buffer.concat(sent)).toEqual(bytes);
    expect(told).toEqual(['seen seen']);
  }
});

test('a frame of which the content is still to come has passed as far as it is here', () => {
  const { filter, sent } = filtering();
  const frame = encode(text(Buffer.alloc(1_000, 'u')));
  filter.push(frame.subarray(0, 100));
  expect(Buffer.concat(sent)).toEqual(frame.subarray(0, 100));
  expect(readFrameHeader(Buffer.concat(sent))?.length).toBe(1_000);
});

test('too long: what is held does not pass, what is seen does, and what follows is another message', () => {
  const { filter, sent, told } = filtering({ most: 8 });
  const long = text(`s${'-'.repeat(20)}`);
  filter.push(bytesOf([text('{1234', false), more('5678', false), more('9}', true), text('{1}'), long, text('s1')]));
  expect(Buffer.concat(sent)).toEqual(
    Buffer.concat([Buffer.from('\x81\x03{1}', 'latin1'), encode(long), encode(text('s1'))]),
  );
  expect(told).toEqual(['too long', 'held {1}', 'seen s1']);
});

test('without room for it the connection ends, if the owner says so', () => {
  const budget = { take: (bytes: number) => bytes < 5, release: () => {} };
  const tooLong = (): ReturnType<MessageFilterOptions['tooLong']> => ({ code: 1009, fault: 'no room' });
  expect(filtering({ budget, tooLong }).filter.push(encode(text('{12345}')))).toMatchObject({ code: 1009 });
});

test('a close passes, and nothing behind it', () => {
  const { filter, sent, told } = filtering();
  filter.push(bytesOf([text('{1', false), closing(1000, 'bye'), more('}', true), text('{2}')]));
  filter.push(encode(text('{3}')));
  expect(Buffer.concat(sent)).toEqual(encode(closing(1000, 'bye')));
  expect(told).toEqual(['closed']);
});

test('what breaks the connection says what has not passed', () => {
  const wrong = encode({ ...text('{1}'), reserved: 4 });
  const { filter, sent } = filtering();
  const broken = filter.push(Buffer.concat([encode(text('u')), wrong, encode(text('u'))]));
  expect(broken).toEqual({
    code: 1002,
    fault: 'a frame uses an extension that was not agreed',
    rest: Buffer.concat([wrong, encode(text('u'))]),
  });
  expect(Buffer.concat(sent)).toEqual(encode(text('u')));
  expect(filtering().filter.push(encode(text(Buffer.from('{\xff}', 'latin1'))))).toMatchObject({ code: 1007 });
  expect(filtering().filter.push(encode(closing(1005)))).toMatchObject({ code: 1002 });
});
