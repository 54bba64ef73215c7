import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../src/journal/decoder.ts';
import { openReader } from '../../../src/journal/reader.ts';
import { segmentName } from '../../../src/journal/segment.ts';
import {
  collect,
  numbered,
  openSample,
  SESSION_ID,
  sampleEvent,
  sampleInfo,
  temporaryFolder,
  writeSample,
} from './sample-session.ts';

const NEVER = new AbortController().signal;

function entries(count: number): unknown[] {
  return Array.from({ length: count }, (_, seq) => ({ seq, event: numbered(seq) }));
}

async function read(dir: string): Promise<unknown[]> {
  const reader = openReader(dir);
  try {
    return await collect(reader.available());
  } finally {
    await reader.close();
  }
}

function corrupt(message: RegExp): unknown {
  return expect.objectContaining({ code: 'LEASH_JOURNAL_CORRUPT', message: expect.stringMatching(message) });
}

test('a session is read whole, over all its segments', async () => {
  const dir = await writeSample(12, { segmentBytes: 1 });
  expect(readdirSync(dir).filter((name) => name.startsWith('events-'))).toHaveLength(12);
  expect(await read(dir)).toEqual(entries(12));
});

test('a session larger than the buffer of the reader is read whole', async () => {
  expect(await read(await writeSample(3_000))).toEqual(entries(3_000));
});

test('batches hold the same events, as many as one read had', async () => {
  const reader = openReader(await writeSample(3_000));
  const batches: JournalEntry[][] = [];
  for await (const batch of reader.batches()) batches.push([...batch]);
  await reader.close();
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.flat()).toEqual(entries(3_000));
});

test('what is read once is not read again', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  journal.append(numbered(0));
  await journal.flush();
  const reader = openReader(dir);
  expect(await collect(reader.available())).toEqual(entries(1));
  expect(await collect(reader.available())).toEqual([]);
  journal.append(numbered(1));
  await journal.close({ ended: 1, exitCode: 0 });
  expect(await collect(reader.available())).toEqual(entries(2).slice(1));
  expect(reader.state).toBe('ended');
  await reader.close();
});

test('a missing segment, first or later, is found', async () => {
  const dir = await writeSample(3, { segmentBytes: 1 });
  rmSync(path.join(dir, segmentName(2)));
  await expect(read(dir)).rejects.toThrow(corrupt(/events-000002\.jsonl is missing/));
  rmSync(path.join(dir, segmentName(1)));
  await expect(read(dir)).rejects.toThrow(corrupt(/events-000001\.jsonl is missing/));
});

test('the end of an ended session cannot be taken away', async () => {
  const dir = await writeSample(3, { segmentBytes: 1 });
  rmSync(path.join(dir, segmentName(3)));
  await expect(read(dir)).rejects.toThrow(corrupt(/wrote 3 events/));
  for (const number of [1, 2]) rmSync(path.join(dir, segmentName(number)));
  await expect(read(dir)).rejects.toThrow(corrupt(/wrote 3 events/));
});

test('a changed event is found, with its segment and line', async () => {
  const dir = await writeSample(4, { segmentBytes: 1 });
  const file = path.join(dir, segmentName(2));
  writeFileSync(file, readFileSync(file, 'utf8').replace('"allow"', '"deny"'));
  await expect(read(dir)).rejects.toThrow(corrupt(/^events-000003\.jsonl line 1: the chain is broken/));
});

test('a changed last event is found by the record', async () => {
  const dir = await writeSample(2);
  const file = path.join(dir, segmentName(1));
  writeFileSync(file, readFileSync(file, 'utf8').replace('/file-1', '/file-9'));
  await expect(read(dir)).rejects.toThrow(corrupt(/not they/));
});

test('a segment that is a link is not read', async () => {
  const dir = await writeSample(2);
  const file = path.join(dir, segmentName(1));
  const elsewhere = path.join(temporaryFolder(), 'elsewhere');
  writeFileSync(elsewhere, readFileSync(file));
  rmSync(file);
  symlinkSync(elsewhere, file);
  await expect(read(dir)).rejects.toThrow(corrupt(/cannot be read/));
});

test('after a crash everything committed is there, and the unfinished event is counted', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const writerModule = fileURLToPath(new URL('../../../dist/journal/writer.js', import.meta.url));
  const script = `
    const { openJournal } = await import(${JSON.stringify(writerModule)});
    const journal = openJournal(${JSON.stringify(dir)}, { ...${JSON.stringify(sampleInfo())}, pid: process.pid }, { onError() {} });
    for (let i = 0; i < 3; i += 1) journal.append(${JSON.stringify(sampleEvent({ effect: 'deny' }))});
    process.kill(process.pid, 'SIGKILL');`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL');
  appendFileSync(path.join(dir, segmentName(1)), '{"seq":3,"prev"');
  const reader = openReader(dir);
  expect(await collect(reader.follow(NEVER))).toHaveLength(3);
  expect(reader.state).toBe('crashed');
  expect(reader.unfinished).toBe(15);
  await reader.close();
});

test('an ended session has no unfinished event', async () => {
  const dir = await writeSample(2);
  const file = path.join(dir, segmentName(1));
  truncateSync(file, readFileSync(file).length - 1);
  await expect(read(dir)).rejects.toThrow(corrupt(/wrote 2 events/));
});

test('following gives every event as it comes, over rotations, and ends with the session', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir, {}, { segmentBytes: 2_000 });
  const reader = openReader(dir);
  const seen: number[] = [];
  const total = 40;
  journal.append(numbered(0));
  // Each event is written when the one before was seen.
  for await (const { seq } of reader.follow(NEVER)) {
    seen.push(seq);
    if (seq + 1 < total) journal.append(numbered(seq + 1));
    else await journal.close({ ended: 1, exitCode: 0 });
  }
  expect(seen).toEqual(Array.from({ length: total }, (_, seq) => seq));
  expect(reader.state).toBe('ended');
  await reader.close();
});

test('following stops when it is told to', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  journal.append(sampleEvent({ effect: 'deny' }));
  const reader = openReader(dir);
  const controller = new AbortController();
  const seen: number[] = [];
  for await (const { seq } of reader.follow(controller.signal)) {
    seen.push(seq);
    controller.abort();
  }
  expect(seen).toEqual([0]);
  await reader.close();
  await journal.close({ ended: 1, exitCode: 0 });
});
