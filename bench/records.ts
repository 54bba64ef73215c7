// Records as the warden sends them in; the processor time that the manager spends on each until its line is in the journal out: decoding, policies, JSON, chain.
//
//   npm run bench -- records [rounds]
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Decision } from '../src/decision/decision.ts';
import { ProcessTable } from '../src/engine/process-table.ts';
import { translate } from '../src/engine/translate.ts';
import { FrameReader } from '../src/engine/wire.ts';
import { LAYOUT, OPERATION, WIRE_TYPE } from '../src/engine/wire-layout.ts';
import { encodeFrame } from '../src/engine/wire-order.ts';
import { openJournal } from '../src/journal/writer.ts';
import { loadPolicies } from '../src/policy/load.ts';
import { median, report } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 7);
const COUNT = 50_000;
const CHUNK = 16 << 10;

function processFrame(pid: number, exe: string, argv: readonly string[]): Buffer {
  const at = LAYOUT.wire_process;
  const head = Buffer.alloc(at.bytes);
  const words = Buffer.from(argv.map((word) => `${word}\0`).join(''));
  head.writeUInt32LE(pid, at.pid);
  head.writeUInt32LE(Buffer.byteLength(exe), at.exe_length);
  head.writeUInt32LE(words.length, at.argv_length);
  head.writeUInt32LE(1, at.line);
  return encodeFrame(WIRE_TYPE.process, head, Buffer.from(exe), words);
}

function openFrame(pid: number, file: string): Buffer {
  const at = LAYOUT.wire_event;
  const head = Buffer.alloc(at.bytes);
  head.writeBigUInt64LE(BigInt(Date.now()) * 1_000_000n, at.time_ns);
  head.writeUInt32LE(pid, at.pid);
  head.writeUInt32LE(1, at.epoch);
  head.writeUInt16LE(OPERATION.open, at.operation);
  head.writeUInt16LE(1, at.actions);
  head.writeUInt8(1, at.verdict);
  head.writeUInt32LE(Buffer.byteLength(file), at.path_length);
  head.writeUInt32LE(1, at.line);
  return encodeFrame(WIRE_TYPE.event, head, Buffer.from(file));
}

const INFO = {
  v: 1,
  id: 'bench',
  command: ['grep'],
  workspace: '/work',
  user: 'bench',
  mode: 'enforce',
  engine: 'seccomp',
  backend: 'bubblewrap',
  policy: 'all.cedar',
  pid: process.pid,
} as const;
const FACTS = { agent: 'bench', session: 's', user: 'bench', workspace: '/work', home: '/home/bench', tmp: '/tmp' };

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  const set = await loadPolicies({ name: 'all.cedar', text: 'permit(principal, action, resource);' }, FACTS);
  const frames = [processFrame(7, '/usr/bin/grep', ['grep', '-rc', 'nothing-of-this-kind', '.'])];
  for (let index = 0; index < COUNT; index++) frames.push(openFrame(7, `/work/d${index % 500}/file-${index}.txt`));
  const stream = Buffer.concat(frames);
  const run = async (): Promise<number> => {
    const decision = new Decision(set, 'enforce');
    const processes = new ProcessTable();
    const reader = new FrameReader();
    const dir = path.join(folder, 'journal');
    const info = { ...INFO, started: Date.now() };
    const onError = (error: Error): void => {
      throw error;
    };
    const journal = openJournal(dir, info, { onError });
    const start = process.cpuUsage();
    for (let at = 0; at < stream.length; at += CHUNK) {
      for (const record of reader.read(stream.subarray(at, at + CHUNK))) {
        if (record.type === 'process') processes.learn(record.process);
        if (record.type !== 'event') continue;
        const { event } = record;
        journal.append(translate(event, processes, (request) => decision.explain(request, event.epoch)));
      }
    }
    // Of all threads, the collector's included; the clock on the wall also counts what others do to the machine.
    const { user, system } = process.cpuUsage(start);
    await journal.close({ ended: Date.now(), exitCode: 0 });
    rmSync(dir, { recursive: true, force: true });
    return ((user + system) * 1000) / COUNT;
  };
  const values: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) values.push(await run());
  values.shift(); // not compiled yet
  const row = { name: 'open', median: median(values), min: Math.min(...values), max: Math.max(...values) };
  report('records', 'ns of processor time', [row], 'open', [`${COUNT} records a round, each of another file`]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
