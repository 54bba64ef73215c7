import { describe, expect, test } from 'vitest';
import type { EventEntry } from '../../../../../src/schema/api.ts';
import type { Event } from '../../../../../src/schema/event.ts';
import { advance, type Moment, Replay } from '../../../../../ui/src/screens/timeline/replay.ts';
import { sampleEvent } from '../../../journal/sample-session.ts';

const SH = { pid: 2, parent: 1, exe: '/bin/sh', argv: ['sh'] };
const CHILD = { pid: 3, parent: 2, exe: '/bin/sh', argv: ['sh'] };
const CAT = { pid: 3, parent: 2, exe: '/bin/cat', argv: ['cat', 'a'] };

function entries(...events: readonly Partial<Event>[]): readonly EventEntry[] {
  return events.map((event, seq) => ({ seq, event: sampleEvent(event) }));
}

function replay(all: readonly EventEntry[]): Replay {
  const made = new Replay();
  for (const entry of all) made.add(entry);
  return made;
}

const SESSION = entries(
  { time: 100, who: SH, action: 'ProcessExec', resource: { type: 'path', path: '/bin/sh' } },
  { time: 200, who: CHILD, action: 'ProcessExec', resource: { type: 'path', path: '/bin/cat' } },
  { time: 300, who: CAT, action: 'FileCreate', resource: { type: 'path', path: '/w/a' } },
  { time: 400, who: CAT, action: 'FileWrite', resource: { type: 'path', path: '/w/no' }, effect: 'deny' },
  { time: 500, who: SH, action: 'FileDelete', resource: { type: 'path', path: '/w/old' } },
  { time: 350, who: SH, action: 'HttpRequest', resource: { type: 'host', name: 'h' }, detail: { duration_ms: 250 } },
);

const brief = ({ processes, files, latest, events, denied }: Moment): unknown => ({
  events,
  denied,
  latest: latest.map(({ seq }) => seq),
  processes: processes.map(({ pid, argv }) => `${pid} ${argv.join(' ')}`),
  files: files.map(({ path, change }) => `${change} ${path}`),
});

describe('a moment', () => {
  const whole = replay(SESSION);

  test('shows what ran, what had happened and what was changed, up to it and no further', () => {
    expect(brief(whole.at(99))).toEqual({ events: 0, denied: 0, latest: [], processes: [], files: [] });
    expect(brief(whole.at(200))).toMatchObject({ events: 2, processes: ['2 sh', '3 sh'], files: [] });
    expect(brief(whole.at(300))).toMatchObject({ processes: ['2 sh', '3 cat a'], files: ['created /w/a'] });
    expect(brief(whole.at(400))).toMatchObject({ denied: 1, latest: [3, 5, 2, 1, 0], files: ['created /w/a'] });
  });

  test('after the last event of a process, it runs no more; an exchange keeps it until its end', () => {
    expect(brief(whole.at(450))).toMatchObject({ processes: ['2 sh'] });
    expect(brief(whole.at(600))).toMatchObject({ processes: ['2 sh'], files: ['deleted /w/old', 'created /w/a'] });
    expect(whole.end).toBe(600);
    expect(brief(whole.at(601))).toMatchObject({ processes: [] });
  });

  test('a parent runs as long as a child names it', () => {
    const quiet = replay(entries({ time: 1, who: SH }, { time: 2, who: CAT }, { time: 9, who: CAT }));
    expect(quiet.at(8).processes.map(({ pid }) => pid)).toEqual([2, 3]);
  });

  test('is the same whatever was asked before it, and in whatever order events came', () => {
    const times = [600, 100, 350, 300, 99, 500, 400, 601];
    const fresh = times.map((time) => brief(replay(SESSION).at(time)));
    expect(times.map((time) => brief(whole.at(time)))).toEqual(fresh);
    const backwards = replay(SESSION.toReversed());
    expect(times.map((time) => brief(backwards.at(time)))).toEqual(fresh);
  });

  test('is the same when events come between two looks', () => {
    const growing = new Replay();
    for (const [index, entry] of SESSION.entries()) {
      growing.add(entry);
      for (const time of [250, 1000, 320, 500]) {
        expect(brief(growing.at(time))).toEqual(brief(replay(SESSION.slice(0, index + 1)).at(time)));
      }
    }
  });
});

test('one goes from event to event', () => {
  const whole = replay(SESSION);
  expect([whole.next(99), whole.next(100), whole.next(600)]).toEqual([100, 200, undefined]);
  expect([whole.previous(600), whole.previous(500), whole.previous(100)]).toEqual([500, 400, undefined]);
});

test('a replay goes by its speed and stops at the end', () => {
  expect(advance(100, 10, 16, 1000)).toBe(260);
  expect(advance(900, 10, 64, 1000)).toBe(1000);
});

test('a clock that is set back leaves events in the order of time, and no event is compared with all others', () => {
  const count = 4_000;
  let looks = 0;
  const watched = Array.from({ length: 2 * count }, (_, seq): EventEntry => {
    const event = sampleEvent({ time: seq < count ? 1_000_000 + seq : seq - count });
    return {
      seq,
      get event() {
        looks += 1;
        return event;
      },
    };
  });
  const made = replay(watched);
  const seen = looks;
  expect(made.events.map(({ seq }) => seq)).toEqual([
    ...Array.from({ length: count }, (_, at) => count + at),
    ...Array.from({ length: count }, (_, at) => at),
  ]);
  expect(seen).toBeLessThan(2 * count * 200);
});
