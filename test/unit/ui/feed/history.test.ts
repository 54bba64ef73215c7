import { describe, expect, test } from 'vitest';
import type { EventEntry, EventPage } from '../../../../src/schema/api.ts';
import { History } from '../../../../ui/src/feed/history.ts';
import { sampleEvent } from '../../journal/sample-session.ts';

/** A journal that grows, and pages of two of its events. */
class Journal {
  readonly entries: EventEntry[] = [];
  asked = 0;

  grow(count: number): void {
    for (let more = 0; more < count; more += 1) this.entries.push({ seq: this.entries.length, event: sampleEvent() });
  }

  readonly page = async (after: number): Promise<EventPage> => {
    this.asked += 1;
    const events = this.entries.slice(after + 1, after + 3);
    const last = events.at(-1)?.seq ?? after;
    return { events, last, isEnd: last === this.entries.length - 1, state: 'running' };
  };
}

function historyOf(
  journal: Journal,
  most?: number,
): { taken: number[]; history: History<{ add(entry: EventEntry): void }> } {
  const taken: number[] = [];
  const model = { add: ({ seq }: EventEntry) => void taken.push(seq) };
  return { taken, history: new History(journal.page, model, most) };
}

describe('a history', () => {
  test('takes every page, each event once and in order', async () => {
    const journal = new Journal();
    journal.grow(5);
    const { taken, history } = historyOf(journal);
    await history.load();
    expect(taken).toEqual([0, 1, 2, 3, 4]);
    expect(history.state()).toMatchObject({ count: 5, isLoading: false, isCut: false, state: 'running' });
  });

  test('goes on with the feed, and asks for a page only where the feed has a hole', async () => {
    const journal = new Journal();
    journal.grow(2);
    const { taken, history } = historyOf(journal);
    await history.load();
    const before = journal.asked;
    journal.grow(2);
    history.follow(journal.entries);
    history.follow(journal.entries);
    expect([taken, journal.asked]).toEqual([[0, 1, 2, 3], before]);
    journal.grow(4);
    history.follow(journal.entries.slice(6));
    await expect.poll(() => history.state().count).toBe(8);
    expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('ends at its bound and says so', async () => {
    const journal = new Journal();
    journal.grow(7);
    const { taken, history } = historyOf(journal, 3);
    await history.load();
    history.follow(journal.entries);
    expect(taken).toEqual([0, 1, 2]);
    expect(history.state().isCut).toBe(true);
  });

  test('a refusal is kept for the person, and what was taken before it too', async () => {
    const journal = new Journal();
    journal.grow(4);
    const taken: number[] = [];
    const pages = (after: number): Promise<EventPage> =>
      after < 0 ? journal.page(after) : Promise.reject(new Error('gone'));
    const history = new History(pages, { add: ({ seq }: EventEntry) => void taken.push(seq) });
    await history.load();
    expect(taken).toEqual([0, 1]);
    expect(history.state()).toMatchObject({ isLoading: false, error: new Error('gone') });
  });

  test('a command line that repeats is held once', async () => {
    const journal = new Journal();
    const who = () => ({ pid: 2, parent: 1, exe: '/bin/sh', argv: ['sh', '-c', 'x'] });
    for (const seq of [0, 1]) journal.entries.push({ seq, event: sampleEvent({ who: who() }) });
    const kept: EventEntry[] = [];
    const history = new History(journal.page, { add: (entry: EventEntry) => void kept.push(entry) });
    await history.load();
    expect(kept[1]?.event.who).toBe(kept[0]?.event.who);
  });
});
