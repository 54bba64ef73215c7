// Processes that write a journal, killed with SIGKILL at chosen bytes and at random times; no event that was acknowledged is lost, and the chain holds.
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyJournal } from '../../src/journal/audit/verify.ts';
import { openReader } from '../../src/journal/reader.ts';
import { segmentName } from '../../src/journal/segment.ts';

const ID = '20261125-142233-k3f9';
const WRITER = fileURLToPath(new URL('../../dist/journal/writer.js', import.meta.url));
/** Of what a random kill waits for, in events acknowledged. */
const KILL_AFTER = [0, 1, 2, 3, 5, 8, 13, 40, 100, 250] as const;

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'leash-kill-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Writes events for ever; each batch is acknowledged, by its last number, when the writer has said that it is kept. */
function script(dir: string, dieAt: number | undefined): string {
  return `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { writeSync } = fs;
    let written = 0;
    const dieAt = ${dieAt ?? 'Infinity'};
    // The kernel may be in the middle of a write when the signal comes: so many bytes reach the file, and no more.
    fs.writeSync = (fd, bytes, ...rest) => {
      if (fd > 2 && Buffer.isBuffer(bytes) && written + bytes.length > dieAt && bytes.includes('"seq":')) {
        writeSync(fd, bytes.subarray(0, dieAt - written));
        process.kill(process.pid, 'SIGKILL');
      }
      if (fd > 2 && bytes.includes('"seq":')) written += bytes.length;
      return writeSync(fd, bytes, ...rest);
    };
    syncBuiltinESMExports();
    const { openJournal } = await import(${JSON.stringify(WRITER)});
    const info = { v: 1, id: '${ID}', command: ['x'], workspace: '/', user: 'u', mode: 'enforce', engine: 'e', backend: 'b', policy: 'p', started: 1, pid: process.pid };
    const journal = openJournal(${JSON.stringify(dir)}, info, { onError: (error) => { throw error; }, segmentBytes: 3000 });
    const event = (number, effect) => ({ v: 1, time: number, action: 'FileOpenReadOnly', resource: { type: 'path', path: '/f' + number }, effect, enforced: true, policies: [], epoch: 1 });
    let number = 0;
    for (;;) {
      // A denial is kept when append returns; of what is allowed, flush tells.
      for (let count = 1 + (number % 7); count > 0; count -= 1) journal.append(event(number++, 'allow'));
      if (number % 2 === 0) await journal.flush();
      else journal.append(event(number++, 'deny'));
      writeSync(1, (number - 1) + '\\n');
    }`;
}

/** Checks what a kill left; returns how many events there are. */
async function survivors(dir: string, acknowledged: number): Promise<number> {
  const verified = verifyJournal(dir);
  expect(verified).toMatchObject({ faults: [], state: 'crashed', isSealed: false });
  expect(verified.intact).toBeGreaterThan(acknowledged);
  const reader = openReader(dir);
  try {
    let count = 0;
    for await (const { seq, event } of reader.available()) {
      expect([seq, event.time]).toEqual([count, count]);
      count += 1;
    }
    expect(count).toBe(verified.intact);
    expect(reader.unfinished).toBe(verified.unfinished);
    return count;
  } finally {
    await reader.close();
  }
}

const lastNumber = (stdout: string): number => Number(stdout.trimEnd().split('\n').at(-1) || -1);

function run(dir: string, dieAt: number): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, ['--input-type=module', '-e', script(dir, dieAt)], { encoding: 'utf8' });
}

test('a kill in the middle of a write, at any byte of a line and across segments, leaves whole lines and a torn one', async () => {
  const torn: number[] = [];
  // The first lines have 200 to 260 bytes: these cut them at their ends, headers, hashes and events.
  for (const dieAt of [0, 1, 8, 50, 99, 201, 300, 431, 997, 2_000, 3_001, 3_600, 6_007, 9_999]) {
    const dir = path.join(root, `byte-${dieAt}`);
    const { signal, stdout, stderr } = run(dir, dieAt);
    expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
    await survivors(dir, lastNumber(stdout));
    torn.push(verifyJournal(dir).unfinished);
  }
  expect(torn.filter((bytes) => bytes > 0).length).toBeGreaterThan(8);
});

test('a kill at a random time loses nothing that was acknowledged', async () => {
  for (const [round, after] of KILL_AFTER.entries()) {
    const dir = path.join(root, `time-${round}`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', script(dir, undefined)]);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (lastNumber(stdout) >= after) child.kill('SIGKILL');
    });
    const signal = await new Promise((resolve) => child.once('close', (_code, name) => resolve(name)));
    expect(signal).toBe('SIGKILL');
    expect(await survivors(dir, lastNumber(stdout))).toBeGreaterThan(after);
  }
});

test('a torn line is not hidden when bytes are put after it', async () => {
  const dir = path.join(root, 'torn');
  run(dir, 431);
  const file = path.join(dir, segmentName(1));
  const { unfinished, intact } = verifyJournal(dir);
  expect(unfinished).toBeGreaterThan(0);
  writeFileSync(file, `${readFileSync(file, 'latin1')}\n`, 'latin1');
  expect(verifyJournal(dir).faults).toMatchObject([{ kind: 'edited', line: intact + 1 }]);
});
