// A session of a million events in; how fast they are written, indexed, opened and found out. Events are those of files, programs, connections and requests, mixed.
//
//   npm run bench -- journal [events]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyJournal } from '../src/journal/audit/verify.ts';
import type { Event, EventAction } from '../src/schema/event.ts';
import { journalAt } from './journal-at.ts';
import { median, type Row, report } from './measure.ts';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 7;
/** Between two looks at the event loop, as when records come from the warden's socket. */
const CHUNK = 500;
const ID = '20261125-142233-bnch';
const MAIN = fileURLToPath(new URL('../dist/run/main.js', import.meta.url));
const ACTIONS: readonly EventAction[] = ['FileOpenReadOnly', 'FileWrite', 'ProcessExec', 'NetConnect', 'HttpRequest'];

function event(number: number): Event {
  const action = ACTIONS[(number % 97) % ACTIONS.length] ?? 'FileOpenReadOnly';
  const isHost = action === 'NetConnect' || action === 'HttpRequest';
  return {
    v: 1,
    time: 1_700_000_000_000 + number,
    who: { pid: number % 400, parent: 1, exe: `/usr/bin/program-${number % 50}` },
    action,
    resource: isHost
      ? { type: 'host', name: `host-${number % 300}.example` }
      : { type: 'path', path: `/home/user/project/src/folder-${number % 500}/file-${number % 20_000}.ts` },
    ...(action === 'HttpRequest' && { detail: { method: 'GET', path: `/v1/${number}`, status: 200, port: 443 } }),
    effect: number % 1000 === 0 ? 'deny' : 'allow',
    enforced: true,
    policies: [number % 3 === 0 ? 'base' : 'read-workspace'],
    epoch: 1,
    ...(number % 500 === 0 && { error: 'EACCES' }),
  };
}

const root = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
const dir = path.join(root, 'leash', 'sessions', ID);
const rows: Row[] = [];
const one = (name: string, value: number): void => {
  rows.push({ name, median: value, min: value, max: value });
};

/** Milliseconds of wall clock, and of processor time, that `leash` takes, start of Node included. */
function leash(...words: string[]): { readonly wall: number; readonly stdout: string } {
  const start = performance.now();
  const env = { ...process.env, XDG_STATE_HOME: root };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'events', ...words], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  return { wall: performance.now() - start, stdout };
}

function repeated(name: string, ...words: string[]): void {
  const values = Array.from({ length: ROUNDS }, () => leash(...words).wall);
  rows.push({ name, median: median(values), min: Math.min(...values), max: Math.max(...values) });
}

try {
  const journal = journalAt(dir, ID);
  const events = Array.from({ length: 2_000 }, (_, number) => event(number));
  const [start, busy] = [performance.now(), process.cpuUsage()];
  for (let number = 0; number < COUNT; number += 1) {
    journal.append(number < events.length ? (events[number] as Event) : event(number));
    if (number % CHUNK === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await journal.flush();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(busy);
  await journal.close({ ended: Date.now(), exitCode: 0 });
  one('written, wall', wall);
  one('written, processor', (user + system) / 1000);

  const before = performance.now();
  const verified = verifyJournal(dir);
  one('verified', performance.now() - before);
  if (verified.intact !== COUNT || verified.faults.length > 0) throw new Error('events were dropped');
  one('index made', leash('reindex').wall);
  one('index of itself, MB', statSync(path.join(dir, 'index.db')).size / 1e6);
  repeated('leash events --help', '--help');
  repeated('last 100 events', 'query', '-n', '100');
  repeated('denied', 'query', '--denied', '-n', '100');
  repeated('one path', 'query', '--resource', '/home/user/project/src/folder-7/file-507.ts', '-n', '100');
  repeated('below a folder', 'query', '--resource', '/home/user/project/src/folder-7/*', '-n', '100');
  repeated('one program, one action', 'query', '--exe', '/usr/bin/program-7', '--action', 'NetConnect', '-n', '100');
  repeated('count of an action', 'query', '--action', 'HttpRequest', '--count');
  repeated('an hour', 'query', '--since', '2023-11-14T22:13:20Z', '--until', '2023-11-14T22:13:21Z');
  const bytes = readdirSync(dir).flatMap((name) =>
    name.startsWith('events-') ? statSync(path.join(dir, name)).size : [],
  );
  const total = bytes.reduce((sum, size) => sum + size, 0) / 1e6;
  report('journal', 'ms', rows, 'leash events --help', [
    `${COUNT} events, ${total.toFixed(0)} MB in ${bytes.length} segments; each of them is there again, and the chain holds`,
    `${((COUNT / wall) * 1000).toFixed(0)} events/s by the clock, ${((COUNT / (user + system)) * 1e6).toFixed(0)} of processor time`,
    'all from `last 100 events` on: a whole `leash events query`, start of Node included',
  ]);
} finally {
  rmSync(root, { recursive: true, force: true });
}
