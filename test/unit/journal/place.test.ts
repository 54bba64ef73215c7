import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventPlace } from '../../../src/journal/place.ts';
import { openReader } from '../../../src/journal/reader.ts';
import { segmentName } from '../../../src/journal/segment.ts';
import { openSample, SESSION_ID, sampleEvent, temporaryFolder, writeSample } from './sample-session.ts';

/** The first event that is read from the place. */
async function firstFrom(dir: string, seq: number): Promise<number | undefined> {
  const reader = openReader(dir, eventPlace(dir, seq));
  try {
    for await (const entry of reader.available()) return entry.seq;
    return undefined;
  } finally {
    await reader.close();
  }
}

describe('in a journal of several segments', () => {
  test.each([0, 1, 7, 11])('event %i is where it is said to be', async (seq) => {
    expect(await firstFrom(await writeSample(12, { segmentBytes: 1 }), seq)).toBe(seq);
  });

  test('an event that is not there yet would follow the last', async () => {
    expect(await firstFrom(await writeSample(12, { segmentBytes: 1 }), 99)).toBe(11);
  });
});

describe('in a segment of many megabytes', () => {
  const COUNT = 4_000;
  test('a place shortly before is found, from which the chain holds to the end', async () => {
    const dir = path.join(temporaryFolder(), SESSION_ID);
    const journal = openSample(dir);
    for (let number = 0; number < COUNT; number++)
      journal.append(sampleEvent({ reason: 'x'.repeat(number % 3 === 0 ? 5_000 : 50) }));
    await journal.close({ ended: 1, exitCode: 0 });
    for (const seq of [0, 1, 599, 600, 2_000, 3_998, 3_999]) {
      const place = eventPlace(dir, seq);
      const at = place?.head.seq ?? 0;
      expect(at).toBeLessThanOrEqual(seq);
      // A megabyte has some 600 of them.
      expect(seq - at).toBeLessThan(1_000);
      const reader = openReader(dir, place);
      let last = at - 1;
      for await (const entry of reader.available()) last = entry.seq;
      expect(last).toBe(COUNT - 1);
      await reader.close();
    }
  });
});

test('where nothing can be trusted the whole is read', async () => {
  const dir = await writeSample(3);
  expect(eventPlace(dir, 2)).toBeUndefined();
  const file = path.join(dir, segmentName(1));
  writeFileSync(file, `?${readFileSync(file, 'utf8')}`);
  expect(eventPlace(dir, 2)).toBeUndefined();
});
