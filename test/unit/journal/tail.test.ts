import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openReader } from '../../../src/journal/reader.ts';
import { segmentName } from '../../../src/journal/segment.ts';
import { tailPlace } from '../../../src/journal/tail.ts';
import {
  collect,
  numbered,
  openSample,
  SESSION_ID,
  sampleEvent,
  temporaryFolder,
  writeSample,
} from './sample-session.ts';

/** Numbers of the events that are read from the place of the last `lines`. */
async function tail(dir: string, lines: number): Promise<readonly number[]> {
  const reader = openReader(dir, tailPlace(dir, lines));
  try {
    return (await collect(reader.available())).map(({ seq }) => seq);
  } finally {
    await reader.close();
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

test.each([
  ['in one segment', {}],
  ['with one event a segment', { segmentBytes: 1 }],
  ['with two or three events a segment', { segmentBytes: 700 }],
])('the last events of a journal %s', async (_what, options) => {
  const dir = await writeSample(12, options);
  for (const lines of range(1, 12)) expect(await tail(dir, lines), `${lines}`).toEqual(range(12 - lines, 12));
  for (const lines of [12, 13, 1000]) expect(await tail(dir, lines)).toEqual(range(0, 12));
});

test('a line that is being written is no event, and is read when it is whole', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  for (const number of range(0, 5)) journal.append(numbered(number));
  await journal.flush();
  const file = path.join(dir, segmentName(1));
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, -20));
  const reader = openReader(dir, tailPlace(dir, 2));
  expect((await collect(reader.available())).map(({ seq }) => seq)).toEqual([2, 3]);
  appendFileSync(file, whole.subarray(-20));
  expect((await collect(reader.available())).map(({ seq }) => seq)).toEqual([4]);
  await reader.close();
  await journal.close({ ended: 1, exitCode: 0 });
});

test('what is before is not looked at; what comes is followed by its chain', async () => {
  const dir = await writeSample(9);
  const file = path.join(dir, segmentName(1));
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('/file-2', '/file-X'));
  expect(await tail(dir, 5)).toEqual(range(4, 9));
  writeFileSync(file, text.replace('/file-6', '/file-X'));
  await expect(tail(dir, 5)).rejects.toMatchObject({
    code: 'LEASH_JOURNAL_CORRUPT',
    message: expect.stringContaining('events-000001.jsonl event 7: the chain is broken'),
    details: ['Intact: 3 events (4 to 6).'],
  });
});

test('where no line of a journal begins, the whole is read, and says what is wrong', async () => {
  const dir = await writeSample(4);
  const file = path.join(dir, segmentName(1));
  writeFileSync(file, readFileSync(file, 'utf8').replace('{"seq":2,', '{"seq":02,'));
  expect(tailPlace(dir, 2)).toBeUndefined();
  await expect(tail(dir, 2)).rejects.toMatchObject({ message: expect.stringContaining('line 3') });
});

test('lines that are very long are looked for only so far back', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  for (const _ of range(0, 300)) journal.append(sampleEvent({ reason: 'x'.repeat(200_000) }));
  await journal.close({ ended: 1, exitCode: 0 });
  const found = await tail(dir, 1_000);
  expect(found.at(-1)).toBe(299);
  expect(found.length).toBeGreaterThan(100);
  expect(found.length).toBeLessThan(200);
});
