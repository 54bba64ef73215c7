import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { countEvents, findEvents, type Wanted } from '../../../../src/journal/search/find.ts';
import { refreshIndex } from '../../../../src/journal/search/index-file.ts';
import { segmentName } from '../../../../src/journal/segment.ts';
import type { Event } from '../../../../src/schema/event.ts';
import { numbered, openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../sample-session.ts';

const END = { ended: 1, exitCode: 0 } as const;

const EVENTS: readonly Event[] = [
  sampleEvent({ time: 1_000 }),
  sampleEvent({ time: 2_000, effect: 'deny', policies: ['keys', 'a","b'], error: 'EACCES' }),
  sampleEvent({ time: 3_000, shadow: 'deny', resource: { type: 'path', path: '/etc/passwd' } }),
  sampleEvent({ time: 4_000, action: 'NetConnect', resource: { type: 'host', name: 'a.example' } }),
  sampleEvent({
    time: 5_000,
    resource: { type: 'path', path: '/etc/x\u{10ffff}y' },
    who: { pid: 1, parent: 0, exe: '/bin/sh', via: 'mcp:files' },
  }),
  sampleEvent({ time: 6_000, resource: { type: 'path', path: "/it's; DROP TABLE events--" } }),
];

async function sample(events: readonly Event[] = EVENTS, segmentBytes = 600): Promise<string> {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir, {}, { segmentBytes });
  for (const event of events) {
    journal.append(event);
    await journal.flush();
  }
  await journal.close(END);
  return dir;
}

async function numbers(dir: string, wanted: Wanted, limit = 100): Promise<number[]> {
  const found = [...(await findEvents(dir, wanted, limit))];
  expect(await countEvents(dir, wanted)).toBe(limit === 100 ? found.length : await countEvents(dir, wanted));
  return found.map(({ seq }) => seq);
}

test('each filter finds what it says, and all must hold', async () => {
  const dir = await sample();
  const cases: readonly [Wanted, readonly number[]][] = [
    [{}, [0, 1, 2, 3, 4, 5]],
    [{ actions: ['NetConnect', 'ProcessExec'] }, [3]],
    [{ isDenied: true }, [1, 2]],
    [{ resource: '/etc/passwd' }, [2]],
    [{ resource: '/etc/*' }, [2, 4]],
    [{ resource: '/etc/x\u{10ffff}*' }, [4]],
    [{ resource: '*' }, [0, 1, 2, 3, 4, 5]],
    [{ resource: '/et' }, []],
    [{ resource: "/it's; DROP TABLE events--" }, [5]],
    [{ exe: '/bin/*' }, [4]],
    [{ via: 'mcp:files' }, [4]],
    [{ via: 'mcp:f*' }, [4]],
    [{ via: '*' }, [4]],
    [{ via: 'mcp:?files' }, []],
    [{ via: 'files' }, []],
    [{ policy: 'a","b' }, [1]],
    [{ policy: 'key' }, []],
    [{ error: 'EACCES' }, [1]],
    [{ since: 2_000, until: 4_000 }, [1, 2, 3]],
    [{ since: 2_000, isDenied: true, resource: '/etc/*' }, [2]],
  ];
  for (const [wanted, expected] of cases) expect([wanted, await numbers(dir, wanted)]).toEqual([wanted, expected]);
  expect(await numbers(dir, {}, 2)).toEqual([4, 5]);
});

test('a call finds itself and what was done during it, also with others; and no other whose name begins like it', async () => {
  const calls = ['c1', 'c1,c2', 'c2,c1,c3', 'c11', 'c21', undefined];
  const dir = await sample(calls.map((call) => sampleEvent(call === undefined ? {} : { call })));
  expect(await numbers(dir, { call: 'c1' })).toEqual([0, 1, 2]);
  expect(await numbers(dir, { call: 'c2' })).toEqual([1, 2]);
  expect(await numbers(dir, { call: 'c' })).toEqual([]);
  expect(await numbers(dir, { call: '%' })).toEqual([]);
});

test('events come whole, as the journal has them', async () => {
  const found = [...(await findEvents(await sample(), {}, 10))].map(({ event }) => event);
  expect(found).toEqual(EVENTS);
});

test('an index that is up to date is left alone, and one behind a running session goes on', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir, {}, { segmentBytes: 600 });
  const add = async (from: number, to: number): Promise<void> => {
    for (let number = from; number < to; number += 1) journal.append(numbered(number));
    await journal.flush();
  };
  await add(0, 5);
  expect(await refreshIndex(dir)).toMatchObject({ events: 5, added: 5 });
  const { ino } = statSync(path.join(dir, 'index.db'));
  expect(await refreshIndex(dir)).toMatchObject({ events: 5, added: 0 });
  expect(statSync(path.join(dir, 'index.db')).ino).toBe(ino);
  await add(5, 25);
  expect(await refreshIndex(dir)).toMatchObject({ events: 25, added: 20 });
  expect(await numbers(dir, { resource: '/file-1*' })).toEqual([1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  await journal.close(END);
  expect(await refreshIndex(dir)).toMatchObject({ events: 25, added: 0 });
});

test('half a line is left for the next time', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  for (let number = 0; number < 3; number += 1) journal.append(numbered(number));
  await journal.flush();
  const file = path.join(dir, segmentName(1));
  const whole = readFileSync(file);
  truncateSync(file, whole.length - 40);
  expect(await refreshIndex(dir)).toMatchObject({ events: 2 });
  appendFileSync(file, whole.subarray(-40));
  expect(await refreshIndex(dir)).toMatchObject({ events: 3, added: 1 });
  await journal.close(END);
});

test('an edit after the index was made is refused, whatever its times say', async () => {
  const dir = await sample();
  await refreshIndex(dir);
  const file = path.join(dir, segmentName(1));
  const { atime, mtime } = statSync(file);
  writeFileSync(file, readFileSync(file, 'utf8').replace('README', 'READYE'));
  utimesSync(file, atime, mtime);
  await expect(findEvents(dir, {}, 10)).rejects.toMatchObject({ code: 'LEASH_JOURNAL_CORRUPT' });
});

test('an edit of what a running session has already indexed is noticed when the event is read', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  journal.append(numbered(0));
  await journal.flush();
  await refreshIndex(dir);
  const file = path.join(dir, segmentName(1));
  writeFileSync(file, readFileSync(file, 'utf8').replace('/file-0', '/fool-0'));
  journal.append(numbered(1));
  await journal.flush();
  const found = await findEvents(dir, {}, 10);
  expect(() => [...found]).toThrow(expect.objectContaining({ code: 'LEASH_JOURNAL_CORRUPT' }));
  await journal.close(END);
});

test('an index that is damaged, cut, foreign or no database is made again', async () => {
  const many = Array.from({ length: 300 }, (_, number) => numbered(number));
  const dir = await sample(many, 20_000);
  const file = path.join(dir, 'index.db');
  const wanted = { resource: '/file-29*' };
  const expected = [29, 290, 291, 292, 293, 294, 295, 296, 297, 298, 299];
  expect(await numbers(dir, wanted)).toEqual(expected);
  const good = readFileSync(file);
  const damaged = (from: number): Buffer => {
    const bytes = Buffer.from(good);
    bytes.fill(0xff, from, from + 3_000);
    return bytes;
  };
  const damages = [Buffer.from(''), Buffer.from('x'), good.subarray(0, 5_000), damaged(0)];
  for (let page = 4_096; page < good.length; page += 5 * 4_096) damages.push(damaged(page));
  for (const bytes of damages) {
    writeFileSync(file, bytes);
    expect(await numbers(dir, wanted)).toEqual(expected);
  }
  const other = await sample([numbered(7)]);
  await refreshIndex(other);
  writeFileSync(file, readFileSync(path.join(other, 'index.db')));
  expect(await numbers(dir, wanted)).toEqual(expected);
});

test('what a killed process left of an index is removed, and nothing else is left', async () => {
  const dir = await sample();
  writeFileSync(path.join(dir, 'index-4194305.new'), 'half');
  await refreshIndex(dir);
  expect(readdirSync(dir).filter((name) => name.startsWith('index'))).toEqual(['index.db']);
  expect(statSync(path.join(dir, 'index.db')).mode & 0o777).toBe(0o600);
});

test('a journal with a segment missing, or cut short, has no index', async () => {
  for (const damage of [
    (dir: string): void => truncateSync(path.join(dir, segmentName(2)), 0),
    (dir: string): void => truncateSync(path.join(dir, segmentName(1)), 100),
  ]) {
    const dir = await sample();
    damage(dir);
    await expect(refreshIndex(dir)).rejects.toMatchObject({ code: 'LEASH_JOURNAL_CORRUPT' });
    expect(readdirSync(dir).filter((name) => name.startsWith('index'))).toEqual([]);
  }
});
