import { expect, test } from 'vitest';
import { KeptOutput } from '../../../src/session/replay.ts';

test('all of little is kept', () => {
  const kept = new KeptOutput();
  kept.add(Buffer.from('one\n'));
  kept.add(Buffer.from('two'));
  expect(kept.bytes().toString()).toBe('one\ntwo');
});

test('of much the last 256 KiB, from the beginning of a line', () => {
  const kept = new KeptOutput();
  for (let n = 0; n < 100_000; n++) kept.add(Buffer.from(`line ${n}\n`));
  const text = kept.bytes().toString();
  expect(text.length).toBeLessThanOrEqual(256 << 10);
  expect(text.length).toBeGreaterThan(250 << 10);
  expect(text).toMatch(/^line \d+\nline /);
  expect(text.endsWith('line 99999\n')).toBe(true);
});

test('one chunk that is too long is cut', () => {
  const kept = new KeptOutput();
  kept.add(Buffer.concat([Buffer.alloc(400 << 10, 'a'), Buffer.from('\nend')]));
  expect(kept.bytes().toString()).toBe('end');
});

test.each([
  ['\x1b[6n', ''],
  ['\x1b[c\x1b[>c\x1b[=0c', ''],
  ['\x1b[?2026$p', ''],
  ['\x1b[>0q', ''],
  ['\x1b]11;?\x07\x1b]10;?\x1b\\', ''],
  ['\x1b]4;1;?\x07', ''],
  ['\x1bP+q544e\x1b\\', ''],
  ['\x05', ''],
  ['\x1b[31mred\x1b[0m\x1b]0;title\x07é', '\x1b[31mred\x1b[0m\x1b]0;title\x07é'],
])('what would make a terminal answer is not shown again: %j', (written, shown) => {
  const kept = new KeptOutput();
  kept.add(Buffer.from(written));
  expect(kept.shown().toString()).toBe(shown);
});
