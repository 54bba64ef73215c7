import { expect, test } from 'vitest';
import type { EventPage, EventQuery } from '../../../../../src/schema/api.ts';
import { lastOf, RecentAnswers } from '../../../../../ui/src/screens/approvals/recent.ts';

/** Sessions with so many events each; pages of ten. */
function journals(
  events: Record<string, number>,
): [(id: string, query: EventQuery) => Promise<EventPage>, EventQuery[]] {
  const asked: EventQuery[] = [];
  const pages = async (id: string, query: EventQuery): Promise<EventPage> => {
    asked.push(query);
    const count = events[id];
    if (count === undefined) throw new Error('unreadable');
    const first = (query.after ?? -1) + 1;
    const last = Math.min(first + 9, count - 1);
    const seqs = Array.from({ length: last - first + 1 }, (_, n) => first + n);
    return {
      events: seqs.map((seq) => ({
        seq,
        event: {
          v: 1,
          time: seq,
          action: 'FileWrite',
          resource: { type: 'name', name: id },
          effect: 'allow',
          enforced: true,
          policies: [],
          epoch: 1,
        },
      })),
      last,
      isEnd: last === count - 1,
      state: 'running',
    };
  };
  return [pages, asked];
}

test('the newest first, each page read once, and a journal that cannot be read hides no other', async () => {
  const events: Record<string, number> = { a: 25, b: 3 };
  const [pages, asked] = journals(events);
  const recent = new RecentAnswers(pages);
  const first = await recent.read(['broken', 'a', 'b']);
  expect(first.slice(0, 2).map(({ seq, session }) => `${session}${seq}`)).toEqual(['a24', 'a23']);
  expect(first).toHaveLength(28);
  asked.length = 0;
  events['a'] = 26;
  expect((await recent.read(['a', 'b']))[0]).toMatchObject({ seq: 25, session: 'a' });
  expect(asked).toEqual([
    { after: 24, approval: 'any' },
    { after: 2, approval: 'any' },
  ]);
});

test('of a process the last eight events', async () => {
  const [pages] = journals({ a: 33 });
  expect((await lastOf(pages, 'a', 7, 1_000_000)).map(({ seq }) => seq)).toEqual([25, 26, 27, 28, 29, 30, 31, 32]);
});
