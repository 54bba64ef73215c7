// A journal of opened files, programs and requests in; how many of its events a second are read, verified, judged anew and counted out.
//
// Measured as it ships: compiled for tests, the same is some 6 % slower.
//
//   npm run bench -- backtest [rounds]
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findSession } from '../dist/journal/session-list.js';
import { openJournal } from '../dist/journal/writer.js';
import { Backtest, type Origin } from '../dist/policy/backtest/backtest.js';
import { Candidate } from '../dist/policy/backtest/candidate.js';
import { canonicalFacts } from '../dist/policy/facts.js';
import { loadPolicies } from '../dist/policy/load.js';
import { defaultProfile } from '../dist/policy/profile.js';
import type { Event } from '../dist/schema/event.js';
import { replay } from '../dist/session/learning/replay.js';
import { RunningPrograms } from '../dist/session/learning/running.js';
import { readEvents } from '../dist/session/learning/session-events.js';
import { median, type Row, report } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const COUNT = 400_000;
const ID = '20260101-000000-bnch';
const FACTS = canonicalFacts({
  agent: 'claude',
  session: ID,
  user: 'u',
  workspace: '/work',
  home: '/home/u',
  tmp: '/tmp',
});

/** As in a build: nearly all are opened files, most of them more than once. */
function eventAt(index: number): Event {
  const common = {
    v: 1,
    time: 1_767_225_600_000 + index,
    who: {
      pid: 7 + (index % 50),
      parent: 1,
      exe: index % 3 === 0 ? '/usr/bin/node' : '/usr/bin/grep',
      argv: ['grep', '-rc', 'x', '.'],
    },
    effect: 'allow',
    enforced: true,
    policies: ['read-files'],
    epoch: 1,
  } as const;
  const kind = index % 100;
  if (kind === 0)
    return {
      ...common,
      action: 'ProcessExec',
      resource: { type: 'path', path: '/usr/bin/git' },
      detail: { argv: ['git', 'status', String(index)] },
    };
  if (kind === 1) {
    const detail = { port: 443, method: 'GET', path: `/v1/items/${index}`, scheme: 'https', status: 200 };
    return { ...common, action: 'HttpRequest', resource: { type: 'host', name: 'api.anthropic.com' }, detail };
  }
  const file = `/work/d${index % 500}/module/file-${index % 20_000}.ts`;
  return { ...common, action: kind < 12 ? 'FileWrite' : 'FileOpenReadOnly', resource: { type: 'path', path: file } };
}

async function writeJournal(folder: string): Promise<void> {
  const info = {
    v: 1,
    id: ID,
    command: ['claude'],
    workspace: '/work',
    user: 'u',
    mode: 'enforce',
    engine: 'seccomp',
    backend: 'bubblewrap',
    policy: 'coder',
    started: Date.now(),
    pid: process.pid,
  } as const;
  const onError = (error: Error): void => {
    throw error;
  };
  const journal = openJournal(path.join(folder, ID), info, { onError });
  for (let index = 0; index < COUNT; index++) {
    journal.append(eventAt(index));
    if (index % 10_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await journal.close({ ended: Date.now(), exitCode: 0 });
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  await writeJournal(folder);
  const session = findSession(ID, folder);
  const teams = Array.from(
    { length: 1000 },
    (_, i) => `forbid(principal, action in Action::"FileOpen", resource in Dir::"/work/closed${i}/");`,
  );
  const texts = {
    coder: defaultProfile().text,
    'coder and 1,000 more': `${defaultProfile().text}\n${teams.join('\n')}`,
  };
  const rows: Row[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const set = await loadPolicies({ name, text }, FACTS);
    const values: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const origin: Origin = { session: ID, facts: FACTS, candidate: new Candidate(set) };
      const test = new Backtest();
      const running = new RunningPrograms();
      // Of all threads, the collector's included; the clock on the wall also counts what others do to the machine.
      const start = process.cpuUsage();
      const { events, fault } = await readEvents(session, ({ seq, event }) =>
        replay(test, origin, running, seq, event),
      );
      const { user, system } = process.cpuUsage(start);
      values.push((COUNT / (user + system)) * 1_000_000);
      if (events !== COUNT || fault !== undefined || test.totals().evaluated !== COUNT)
        throw new Error(`${events} events, ${fault}`);
    }
    values.shift(); // not compiled yet
    rows.push({ name, median: median(values), min: Math.min(...values), max: Math.max(...values) });
  }
  report('backtest', 'events a second of processor time', rows, 'coder', [
    `${COUNT} events; each line's hash is checked`,
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
