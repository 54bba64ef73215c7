// Messages of Leash's own stand between the messages that pass, never within one, and none behind a close.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { FrameWriter } from '../../../../src/proxy/web-socket/frame-writer.ts';

function writing(): { writer: FrameWriter; sent: [string, boolean][] } {
  const sent: [string, boolean][] = [];
  const send = (bytes: Buffer, isOwn: boolean): unknown => sent.push([bytes.toString('latin1'), isOwn]);
  return { writer: new FrameWriter({ isToServer: false, send }), sent };
}

test('what is said waits for the end of the message that is passing', () => {
  const { writer, sent } = writing();
  writer.pass(Buffer.from('begun'), 'frame');
  writer.say('own');
  expect([sent.length, writer.isWaiting]).toEqual([1, true]);
  writer.pass(Buffer.from('frame over'), 'message');
  writer.control(Buffer.from('ping'));
  expect(sent.length).toBe(3);
  writer.pass(Buffer.from('over'), 'nothing');
  expect(sent.slice(3)).toEqual([
    ['over', false],
    ['\x81\x03own', true],
  ]);
  writer.say('b', 2);
  expect([sent.at(-1), writer.isWaiting]).toEqual([['\x82\x01b', true], false]);
});

test('a close stands between frames, not within one, and is the last', () => {
  const { writer, sent } = writing();
  writer.pass(Buffer.from('frame over'), 'message');
  writer.say('never');
  writer.close(1002);
  writer.say('late');
  writer.pass(Buffer.from('late'), 'nothing');
  writer.control(Buffer.from('late'));
  writer.close(1002);
  expect(sent).toEqual([
    ['frame over', false],
    ['\x88\x02\x03\xea', true],
  ]);
  const within = writing();
  within.writer.pass(Buffer.from('begun'), 'frame');
  within.writer.close(1008);
  expect(within.sent).toEqual([['begun', false]]);
});
