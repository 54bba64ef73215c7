import { appendFileSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Verified, verifyJournal } from '../../../../src/journal/audit/verify.ts';
import { genesis } from '../../../../src/journal/chain.ts';
import { segmentName } from '../../../../src/journal/segment.ts';
import { readSessionInfo, writeSessionInfo } from '../../../../src/journal/session-file.ts';
import { numbered, openSample, SESSION_ID, temporaryFolder, writeSample } from '../sample-session.ts';

const EVENTS = 12;
const PER_SEGMENT = 3;
/** Prime, so that all places of a line are met in some line. */
const STRIDE = 7;

/** Four segments of three events. */
async function sample(): Promise<string> {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir, {}, { segmentBytes: 1 });
  for (let number = 0; number < EVENTS; number += 1) {
    journal.append(numbered(number));
    if (number % PER_SEGMENT === PER_SEGMENT - 1) await journal.flush();
  }
  await journal.close({ ended: 1, exitCode: 0 });
  return dir;
}

const file = (dir: string, segment: number): string => path.join(dir, segmentName(segment));

function linesOf(dir: string, segment: number): string[] {
  return readFileSync(file(dir, segment), 'utf8').split('\n').slice(0, -1);
}

function write(dir: string, segment: number, lines: readonly string[]): void {
  writeFileSync(file(dir, segment), lines.map((line) => `${line}\n`).join(''));
}

function change(dir: string, segment: number, edit: (lines: string[]) => readonly string[]): void {
  write(dir, segment, edit(linesOf(dir, segment)));
}

/** `kind segment:line first-last` of each fault. */
function told({ faults }: Verified): readonly string[] {
  return faults.map(({ kind, segment, line, events = [] }) =>
    [kind, `${Number(segment.slice(7, 13))}:${line}`, ...(events.length > 0 ? [events.join('-')] : [])].join(' '),
  );
}

/** As if the process had been killed: no record of the end. */
function unseal(dir: string): void {
  const { events: _events, head: _head, ended: _ended, ...info } = readSessionInfo(dir);
  writeSessionInfo(dir, { ...info, owner: 'gone' }, false);
}

test('a journal that nobody touched is whole', async () => {
  const result = verifyJournal(await sample());
  expect(result).toMatchObject({ faults: [], further: 0, intact: EVENTS, segments: 4, isSealed: true, state: 'ended' });
  expect(verifyJournal(await writeSample(0))).toMatchObject({ faults: [], intact: 0 });
});

test('a byte that is changed anywhere is pinned to its line', async () => {
  const dir = await sample();
  const original = readFileSync(file(dir, 2));
  const ends = [...original.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at] : []));
  for (let at = 0; at < original.length; at += STRIDE) {
    const bytes = Buffer.from(original);
    bytes[at] = (bytes[at] ?? 0) ^ 0x01;
    writeFileSync(file(dir, 2), bytes);
    const { faults, intact } = verifyJournal(dir);
    const line = ends.filter((end) => end < at).length + 1;
    expect({ at, first: faults[0] }).toMatchObject({ first: { segment: segmentName(2), line } });
    expect(faults.every(({ segment }) => segment === segmentName(2) || segment === segmentName(3))).toBe(true);
    expect(intact).toBeGreaterThanOrEqual(EVENTS - 2);
    expect(intact).toBeLessThan(EVENTS);
  }
});

test('an edit names segment, line, byte and event', async () => {
  const dir = await sample();
  const offset = Buffer.byteLength(`${linesOf(dir, 3)[0]}\n`);
  change(dir, 3, ([a = '', b = '', c = '']) => [a, b.replace('file-7', 'file-8'), c]);
  const { faults, intact } = verifyJournal(dir);
  expect(faults).toEqual([
    { kind: 'edited', segment: segmentName(3), line: 2, offset, events: [7, 7], text: expect.any(String) },
  ]);
  expect(intact).toBe(EVENTS - 1);
});

test('the first and the last event are pinned as any other', async () => {
  for (const [segment, line, event] of [
    [1, 1, 0],
    [4, 3, 11],
  ] as const) {
    const dir = await sample();
    change(dir, segment, (lines) =>
      lines.map((text, index) => (index === line - 1 ? text.replace('/file-', '/fool-') : text)),
    );
    expect(told(verifyJournal(dir))).toEqual([`edited ${segment}:${line} ${event}-${event}`]);
  }
});

test('several faults are told apart', async () => {
  const dir = await sample();
  change(dir, 1, ([a = '', b = '', c = '']) => [a, b.replace('file-1', 'file-x'), c]);
  change(dir, 4, ([a = '', , c = '']) => [a, c]);
  expect(told(verifyJournal(dir))).toEqual(['edited 1:2 1-1', 'missing 4:2 10-10']);
});

test('what was taken out is missing: a line, several, the first, a segment', async () => {
  const cases: readonly [(dir: string) => void, readonly string[]][] = [
    [(dir) => change(dir, 2, ([a = '', , c = '']) => [a, c]), ['missing 2:2 4-4']],
    [(dir) => change(dir, 2, () => []), ['missing 3:1 3-5']],
    [(dir) => change(dir, 1, ([, b = '', c = '']) => [b, c]), ['missing 1:1 0-0']],
    [(dir) => rmSync(file(dir, 3)), ['missing 4:1 6-8']],
    [(dir) => rmSync(file(dir, 1)), ['missing 2:1 0-2']],
  ];
  for (const [damage, expected] of cases) {
    const dir = await sample();
    damage(dir);
    expect(told(verifyJournal(dir))).toEqual(expected);
  }
});

test('what stands elsewhere is reordered: neighbours, far lines, segments', async () => {
  const neighbours = await sample();
  change(neighbours, 2, ([a = '', b = '', c = '']) => [b, a, c]);
  expect(told(verifyJournal(neighbours))).toEqual(['reordered 2:1 4-4']);
  const far = await sample();
  const [moved = '', ...rest] = linesOf(far, 1);
  write(far, 1, rest);
  change(far, 4, (lines) => [...lines, moved]);
  expect(told(verifyJournal(far))).toEqual(['reordered 4:4 0-0']);
  const segments = await sample();
  renameSync(file(segments, 2), file(segments, 9));
  renameSync(file(segments, 3), file(segments, 2));
  renameSync(file(segments, 9), file(segments, 3));
  expect(told(verifyJournal(segments))).toEqual(['reordered 3:1 3-3', 'reordered 3:2 4-4', 'reordered 3:3 5-5']);
});

test('what was cut off is truncated: whole lines, half a line, segments, and half a line before a later segment', async () => {
  const cases: readonly [(dir: string) => void, readonly string[]][] = [
    [(dir) => change(dir, 4, ([a = '']) => [a]), ['truncated 4:2 10-11']],
    [(dir) => truncateSync(file(dir, 4), readFileSync(file(dir, 4)).length - 5), ['truncated 4:3 11-11']],
    [(dir) => rmSync(file(dir, 4)), ['truncated 3:4 9-11']],
    [(dir) => truncateSync(file(dir, 2), readFileSync(file(dir, 2)).length - 5), ['truncated 2:3 5-5']],
  ];
  for (const [damage, expected] of cases) {
    const dir = await sample();
    damage(dir);
    expect(told(verifyJournal(dir))).toEqual(expected);
  }
});

test('what the session did not write is foreign: text, a line twice, more at the end, another session', async () => {
  const inserted = await sample();
  change(inserted, 2, ([a = '', b = '', c = '']) => [a, 'hello', b, c]);
  expect(told(verifyJournal(inserted))).toEqual(['foreign 2:2']);
  const twice = await sample();
  change(twice, 2, ([a = '', b = '', c = '']) => [a, b, b, c]);
  expect(told(verifyJournal(twice))).toEqual(['foreign 2:3 4-4']);
  const later = await sample();
  appendFileSync(file(later, 4), 'half a line');
  expect(told(verifyJournal(later))).toEqual(['foreign 4:4']);
  const other = await sample();
  writeSessionInfo(other, { ...readSessionInfo(other), id: '20261125-142233-aaaa' }, false);
  expect(told(verifyJournal(other))).toEqual(['foreign 1:1 0-0']);
});

test('an event that was appended with a right chain is noticed by the recorded end', async () => {
  const dir = await sample();
  const info = readSessionInfo(dir);
  appendFileSync(file(dir, 4), `{"seq":12,"prev":"${info.head}","event":${JSON.stringify(numbered(12))}}\n`);
  expect(told(verifyJournal(dir))).toEqual(['foreign 4:4 12-12']);
});

test('a segment that is a link, a folder or a FIFO is unreadable, and the rest is still judged', async () => {
  const dir = await sample();
  renameSync(file(dir, 2), path.join(dir, 'elsewhere'));
  symlinkSync('elsewhere', file(dir, 2));
  expect(told(verifyJournal(dir))).toEqual(['unreadable 2:1', 'missing 3:1 3-5']);
});

test('a session that was killed is whole up to its last line, wherever the file ends', async () => {
  const dir = await writeSample(2);
  unseal(dir);
  const whole = readFileSync(file(dir, 1));
  const ends = [...whole.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : []));
  for (let length = 0; length <= whole.length; length += 1) {
    writeFileSync(file(dir, 1), whole.subarray(0, length));
    const complete = ends.filter((end) => end <= length);
    expect(verifyJournal(dir)).toMatchObject({
      faults: [],
      intact: complete.length,
      unfinished: length - (complete.at(-1) ?? 0),
      isSealed: false,
      state: 'crashed',
    });
  }
});

test('without a recorded end an edit of the last line but one is told with both that it may be', async () => {
  const dir = await sample();
  unseal(dir);
  change(dir, 4, ([a = '', b = '', c = '']) => [a, b.replace('file-10', 'file-xx'), c]);
  expect(told(verifyJournal(dir))).toEqual(['edited 4:2 10-11']);
});

test('the first line carries the hash of the session it belongs to', async () => {
  const [line = ''] = linesOf(await sample(), 1);
  expect(JSON.parse(line)).toMatchObject({ seq: 0, prev: genesis(SESSION_ID).prev });
});

test('faults without end are counted, not listed', async () => {
  const dir = await writeSample(400);
  change(dir, 1, (lines) => lines.map(() => 'x'));
  const { faults, further } = verifyJournal(dir);
  expect(faults).toHaveLength(100);
  expect(further).toBe(300);
});
