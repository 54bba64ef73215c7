import { expect, test } from 'vitest';
import { StreamLimit } from '../../../../src/api/hub/stream-limit.ts';

async function* two(): AsyncGenerator<string, void, undefined> {
  yield 'a';
  yield 'b';
}

async function* broken(): AsyncGenerator<string, void, undefined> {
  yield 'a';
  throw new Error('broken');
}

test('a stream counts until it ends, is left or breaks', async () => {
  const limit = new StreamLimit(1);
  for await (const piece of limit.counted(two())) expect(['a', 'b']).toContain(piece);
  for await (const piece of limit.counted(two())) {
    expect(piece).toBe('a');
    expect(() => limit.counted(two())).toThrow(/1 streams/);
    break;
  }
  const failing = limit.counted(broken());
  await failing.next();
  await expect(failing.next()).rejects.toThrow('broken');
  await failing.return();
  const last = limit.counted(two());
  await last.return();
  await last.return();
  expect(() => limit.counted(two())).not.toThrow();
  expect(() => limit.counted(two())).toThrow();
});
