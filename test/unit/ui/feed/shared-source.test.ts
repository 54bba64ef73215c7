import { expect, test } from 'vitest';
import type { StreamWord } from '../../../../src/client/client.ts';
import type { EventPage } from '../../../../src/schema/api.ts';
import { sharedSource } from '../../../../ui/src/feed/shared-source.ts';

const entry = (seq: number) => ({ seq, event: { time: seq } as EventPage['events'][number]['event'] });
const word = (seq: number): StreamWord => ({ kind: 'event', ...entry(seq) });

/** A journal of so many events that is over when `isOver` says so. */
function journal(count: () => number, isOver: () => boolean) {
  const asked: string[] = [];
  return {
    asked,
    async *stream(after: number, signal: AbortSignal): AsyncGenerator<StreamWord, void, undefined> {
      asked.push(`stream ${after}`);
      for (let seq = after + 1; seq < count(); seq++) yield word(seq);
      if (isOver()) return yield { kind: 'end', state: 'ended' };
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    page: async (after: number): Promise<EventPage> => {
      asked.push(`page ${after}`);
      const events = Array.from({ length: Math.min(2, count() - after - 1) }, (_, at) => entry(after + 1 + at));
      const last = after + events.length;
      return { events, last, isEnd: last === count() - 1, state: isOver() ? 'ended' : 'running' };
    },
  };
}

async function read(words: AsyncIterable<StreamWord>): Promise<readonly (number | string)[]> {
  const seen: (number | string)[] = [];
  for await (const each of words) seen.push(each.kind === 'event' ? each.seq : each.kind);
  return seen;
}

const never = (): AbortSignal => new AbortController().signal;

test('with a place it is the stream, and the place is given back with its end', async () => {
  const source = journal(
    () => 3,
    () => true,
  );
  let released = 0;
  const take = async () => () => void released++;
  const words = sharedSource({ ...source, take, rest: async () => undefined })(-1, never());
  expect(await read(words)).toEqual([0, 1, 2, 'end']);
  expect([released, source.asked]).toEqual([1, ['stream -1']]);
});

test('without a place it looks at the end once, and goes on by pages; each event comes once and in order', async () => {
  let [count, rests] = [2, 0];
  const source = journal(
    () => count,
    () => count === 7,
  );
  const rest = async (): Promise<void> => {
    rests += 1;
    count = 7;
  };
  const words = sharedSource({ ...source, take: async () => undefined, rest })(-1, never());
  expect(await read(words)).toEqual([0, 1, 2, 3, 4, 5, 6, 'end']);
  expect([rests, source.asked]).toEqual([1, ['stream -1', 'page 1', 'page 1', 'page 3', 'page 5']]);
});

test('a place that becomes free is taken, behind what is known', async () => {
  let isFree = false;
  const source = journal(
    () => (isFree ? 4 : 2),
    () => isFree,
  );
  const take = async () => (isFree ? () => undefined : undefined);
  const rest = async (): Promise<void> => {
    isFree = true;
  };
  expect(await read(sharedSource({ ...source, take, rest })(-1, never()))).toEqual([0, 1, 2, 3, 'end']);
  expect(source.asked.at(-1)).toBe('stream 1');
});

test('what breaks off is thrown, and the place is free again', async () => {
  let released = 0;
  const words = sharedSource({
    // biome-ignore lint/correctness/useYield: it breaks off before the first word
    async *stream() {
      throw new Error('broken off');
    },
    page: async () => {
      throw new Error('not asked');
    },
    take: async () => () => void released++,
    rest: async () => undefined,
  })(3, never());
  await expect(read(words)).rejects.toThrow('broken off');
  expect(released).toBe(1);
});
