// Lines of Leash's own stand between the lines that pass, never within one; who writes waits for room, and for nothing else.
import { Buffer } from 'node:buffer';
import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { LineWriter } from '../../../../../src/proxy/mcp/stdio/line-writer.ts';

function written(): { to: PassThrough; writer: LineWriter; text: () => string } {
  const to = new PassThrough();
  let text = '';
  to.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return { to, writer: new LineWriter(to), text: () => text };
}

test('what is said waits for the end of the line that is passing', async () => {
  const { writer, text } = written();
  writer.say('first');
  writer.pass(Buffer.from('a\nb'));
  writer.say('second');
  writer.say('third');
  expect(writer.isFull).toBe(true);
  writer.pass(Buffer.from('c'));
  writer.pass(Buffer.alloc(0));
  writer.pass(Buffer.from('\n'));
  expect(writer.isFull).toBe(false);
  writer.pass(Buffer.from('d'));
  writer.say('lost, for no line may follow what has no end');
  await writer.end();
  expect(text()).toBe('first\na\nbc\nsecond\nthird\nd');
});

test('there is no room while the stream takes no more, or something waits to be said; and always when it is over', async () => {
  let taken = (): void => {};
  const slow = new Writable({
    highWaterMark: 4,
    write: (_chunk, _encoding, done) => {
      taken = done;
    },
  });
  const writer = new LineWriter(slow);
  const order: string[] = [];
  writer.pass(Buffer.from('12345'));
  writer.say('x');
  const room = writer.room().then(() => order.push('room'));
  await new Promise(setImmediate);
  expect(order).toEqual([]);
  taken();
  await new Promise(setImmediate);
  // It is written now, and 'x' still waits for the end of its line.
  expect(order).toEqual([]);
  writer.pass(Buffer.from('\n'));
  taken();
  await new Promise(setImmediate);
  taken();
  await room;
  writer.pass(Buffer.from('12345'));
  const gone = writer.room();
  slow.destroy();
  await gone;
  await writer.end();
  expect([writer.isOver, writer.isFull]).toEqual([true, false]);
});
