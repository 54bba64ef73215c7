import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openReader } from '../../../src/journal/reader.ts';
import { segmentName } from '../../../src/journal/segment.ts';
import { readSessionInfo } from '../../../src/journal/session-file.ts';
import { openJournal } from '../../../src/journal/writer.ts';
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

const END = { ended: 1, exitCode: 0 } as const;

function lineCount(dir: string): number {
  return readFileSync(path.join(dir, segmentName(1)), 'utf8').split('\n').length - 1;
}

test('a directory is made for its owner alone, parents too', async () => {
  const root = path.join(temporaryFolder(), 'state', 'sessions');
  const dir = path.join(root, SESSION_ID);
  const journal = openSample(dir);
  expect(statSync(root).mode & 0o777).toBe(0o700);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(readSessionInfo(dir)).toMatchObject({ id: SESSION_ID, owner: expect.stringMatching(/\/\d+$/) });
  await journal.close(END);
});

test('a directory or link that exists already is refused', () => {
  const root = temporaryFolder();
  const dir = path.join(root, SESSION_ID);
  mkdirSync(dir);
  const link = path.join(root, 'link');
  symlinkSync(temporaryFolder(), link);
  const onError = (): void => {};
  for (const place of [dir, link]) {
    expect(() => openJournal(place, sampleInfo(), { onError })).toThrow(
      expect.objectContaining({ code: 'LEASH_JOURNAL_WRITE', message: expect.stringContaining('EEXIST') }),
    );
  }
});

test('a denial is in the file when append returns, with all that came before it', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  journal.append(numbered(0));
  expect(lineCount(dir)).toBe(0);
  journal.append(sampleEvent({ effect: 'deny' }));
  expect(lineCount(dir)).toBe(2);
  await journal.close(END);
});

test('an allowed event is in the file soon, and at once when much has come together', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  journal.append(numbered(0));
  await expect.poll(() => lineCount(dir)).toBe(1);
  journal.append(sampleEvent({ reason: 'x'.repeat(70_000) }));
  expect(lineCount(dir)).toBe(2);
  await journal.close(END);
});

test('the final record counts what the agent did, and holds the end of the chain', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  journal.append(sampleEvent({ action: 'SessionStart', resource: { type: 'name', name: SESSION_ID } }));
  journal.append(numbered(1));
  journal.append(sampleEvent({ effect: 'deny' }));
  journal.append(sampleEvent({ effect: 'deny', enforced: false }));
  await journal.close({ ended: 99, exitCode: 7 });
  expect(readSessionInfo(dir)).toMatchObject({
    ended: 99,
    exitCode: 7,
    allowed: 1,
    denied: 2,
    events: 4,
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a session without events has a valid, empty journal', async () => {
  const reader = openReader(await writeSample(0));
  expect(await collect(reader.available())).toEqual([]);
  expect(reader.state).toBe('ended');
  await reader.close();
});

test('a spent writer is not used again', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  await journal.close(END);
  expect(() => journal.append(numbered(0))).toThrow('closed journal');
  await expect(journal.close(END)).rejects.toThrow('closed twice');
});

test('a journal that was removed is told at the next event, and one that was moved is not', async () => {
  for (const [change, expected] of [
    [(dir: string): void => rmSync(dir, { recursive: true }), ['LEASH_JOURNAL_WRITE']],
    [(dir: string): void => renameSync(dir, `${dir}-moved`), []],
  ] as const) {
    const dir = path.join(temporaryFolder(), SESSION_ID);
    const codes: string[] = [];
    const journal = openJournal(dir, sampleInfo(), { onError: ({ code }) => codes.push(code) });
    journal.append(sampleEvent({ effect: 'deny' }));
    change(dir);
    journal.append(sampleEvent({ effect: 'deny' }));
    expect(codes).toEqual(expected);
    await expect(journal.close(END)).rejects.toThrow('cannot write the journal');
  }
});

test('a full disk is told once, leaves whole lines only, and ends the record of events', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const writerModule = fileURLToPath(new URL('../../../dist/journal/writer.js', import.meta.url));
  const script = `
    const { openJournal } = await import(${JSON.stringify(writerModule)});
    let errors = 0;
    let code = '';
    const onError = (error) => { errors += 1; code = error.code; };
    const journal = openJournal(${JSON.stringify(dir)}, { ...${JSON.stringify(sampleInfo())}, pid: process.pid }, { onError });
    const event = ${JSON.stringify(sampleEvent({ reason: 'x'.repeat(1_000) }))};
    for (let i = 0; i < 500; i += 1) journal.append(event);
    let rejection = 'none';
    await journal.close({ ended: 1, exitCode: 0 }).catch((error) => { rejection = error.code; });
    console.log(JSON.stringify({ errors, code, rejection }));`;
  // RLIMIT_FSIZE cuts a write short as a full disk does, then gives EFBIG for ENOSPC; source: setrlimit(2).
  const limited = ['-c', 'ulimit -f 300 && exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', script];
  const told = JSON.parse(execFileSync('sh', limited, { encoding: 'utf8' }));
  expect(told).toEqual({ errors: 1, code: 'LEASH_JOURNAL_WRITE', rejection: 'LEASH_JOURNAL_WRITE' });
  const reader = openReader(dir);
  const entries = await collect(reader.available());
  expect(entries.length).toBeGreaterThan(10);
  expect(entries.length).toBeLessThan(500);
  expect(reader.unfinished).toBe(0);
  expect(reader.state).toBe('crashed');
  await reader.close();
});
