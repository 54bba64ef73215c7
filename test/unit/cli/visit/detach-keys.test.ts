import { expect, test } from 'vitest';
import { DetachKeys } from '../../../../src/cli/visit/detach-keys.ts';

const type = (...chunks: string[]): readonly [string, boolean] => {
  const keys = new DetachKeys();
  let passed = '';
  for (const chunk of chunks) {
    const { bytes, detach } = keys.take(Buffer.from(chunk));
    passed += Buffer.from(bytes).toString();
    if (detach) return [passed, true];
  }
  return [passed, false];
};

test.each<[string[], string, boolean]>([
  [['plain é'], 'plain é', false],
  [['\x10\x11'], '', true],
  [['a\x10', '\x11b'], 'a', true],
  [['\x10', 'x'], '\x10x', false],
  [['\x10\x10\x11'], '\x10', true],
  [['\x11\x10'], '\x11', false],
])('%j', (chunks, passed, detach) => {
  expect(type(...chunks)).toEqual([passed, detach]);
});
