import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openJournal } from '../../../../src/journal/writer.ts';
import type { SessionInfo } from '../../../../src/schema/event.ts';
import { type Segment, verify } from '../../../../ui/src/journal/verify.ts';
import { sampleEvent, sampleInfo } from '../../journal/sample-session.ts';

// More than two batches of hashes, over several segments.
const EVENTS = 1_500;

let dir: string;
let segments: readonly Segment[];
let session: SessionInfo;

/** The journal under test is the one that Leash writes. */
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'leash-ui-'));
  const sessionDir = path.join(dir, 'session');
  const writer = openJournal(sessionDir, sampleInfo(), {
    segmentBytes: 100_000,
    onError: (error) => {
      throw error;
    },
  });
  for (let index = 0; index < EVENTS; index += 1) writer.append(sampleEvent({ reason: `event ${index} ü` }));
  await writer.close({ ended: Date.now(), exitCode: 0 });
  const names = readdirSync(sessionDir).filter((name) => name.endsWith('.jsonl'));
  segments = names.sort().map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(sessionDir, name))) }));
  session = JSON.parse(readFileSync(path.join(sessionDir, 'session.json'), 'utf8')) as SessionInfo;
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The segments with the bytes of one of them replaced. */
function withSegment(index: number, change: (text: string) => string): readonly Segment[] {
  return segments.map((segment, at) =>
    at === index
      ? { ...segment, bytes: new TextEncoder().encode(change(new TextDecoder().decode(segment.bytes))) }
      : segment,
  );
}

describe('a journal as it was written', () => {
  test('is verified from its first event to its last', async () => {
    expect(segments.length).toBeGreaterThan(2);
    const { entries, fault, isStartChecked, isEndChecked, unfinished } = await verify(segments, session);
    expect({ fault, isStartChecked, isEndChecked, unfinished }).toEqual({
      fault: undefined,
      isStartChecked: true,
      isEndChecked: true,
      unfinished: 0,
    });
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: EVENTS }, (_, index) => index));
    expect(entries.at(-1)?.event.reason).toBe(`event ${EVENTS - 1} ü`);
  });

  test('without its record, both ends are named as not checked', async () => {
    const { fault, isStartChecked, isEndChecked } = await verify(segments);
    expect({ fault, isStartChecked, isEndChecked }).toEqual({
      fault: undefined,
      isStartChecked: false,
      isEndChecked: false,
    });
  });

  test('one later segment alone is verified within itself', async () => {
    const { entries, fault } = await verify(segments.slice(1, 2));
    expect(fault).toBeUndefined();
    expect(entries[0]?.seq).toBeGreaterThan(0);
  });
});

describe('a journal that was changed', () => {
  test('in one event: that event still reads, the next line does not follow from it', async () => {
    const changed = withSegment(0, (text) => text.replace('event 7 ü', 'event 8 ü'));
    const { entries, fault } = await verify(changed, session);
    expect(fault).toMatchObject({
      segment: segments[0]?.name,
      line: 9,
      text: expect.stringContaining('chain is broken'),
    });
    expect(entries).toHaveLength(8);
  });

  test('by taking a line away', async () => {
    const changed = withSegment(1, (text) => text.slice(text.indexOf('\n') + 1));
    expect((await verify(changed, session)).fault).toMatchObject({ segment: segments[1]?.name, line: 1 });
  });

  test('by taking a whole segment away', async () => {
    const { fault } = await verify([...segments.slice(0, 1), ...segments.slice(2)], session);
    expect(fault).toMatchObject({
      segment: segments[2]?.name,
      text: expect.stringMatching(/expected event \d+, found event/),
    });
  });

  test('by cutting lines off its beginning', async () => {
    expect((await verify(segments.slice(1), session)).fault?.text).toMatch(/expected event 0/);
  });

  test('by cutting lines off its end', async () => {
    const changed = withSegment(segments.length - 1, (text) => text.slice(0, text.trimEnd().lastIndexOf('\n') + 1));
    const { entries, fault } = await verify(changed, session);
    expect(entries).toHaveLength(EVENTS - 1);
    expect(fault?.text).toContain(`wrote ${EVENTS} events`);
  });

  test('by giving it another session id', async () => {
    const { fault, entries } = await verify(segments, { ...session, id: '20200101-000000-aaaa' });
    expect(fault?.text).toBe('this line does not begin the session');
    expect(entries).toHaveLength(0);
  });

  test.each([
    ['something that is no journal', 'hello\n'],
    ['a header spelled another way', `{"prev":"${'0'.repeat(64)}","seq":0,"event":{}}\n`],
    ['an event without its fields', `{"seq":0,"prev":"${'0'.repeat(64)}","event":{"v":1}}\n`],
    ['a line that is not UTF-8', '{"seq":0,"prev":"'],
  ])('by writing %s', async (_what, text) => {
    const bytes = new TextEncoder().encode(text.endsWith('\n') ? text : `${text}\n`);
    if (!text.endsWith('\n')) bytes[5] = 0xff;
    expect((await verify([{ name: 'events-000001.jsonl', bytes }])).fault).toMatchObject({ line: 1 });
  });
});

test('a last line without an end is reported, and is no event', async () => {
  const whole = segments[0] as Segment;
  const { entries, unfinished, fault } = await verify([{ ...whole, bytes: whole.bytes.subarray(0, -10) }]);
  expect(fault).toBeUndefined();
  expect(unfinished).toBeGreaterThan(0);
  expect(entries.length).toBeGreaterThan(0);
});
