// sendmsg of one byte: outside, and inside leash on a stream by a process with one thread and with two, and to a socket file; median and 99th percentile.
//
//   npm run bench -- send [rounds]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRow, interleave, medianAndHigh, report, type Series } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const COUNT = 20_000;
const root = fileURLToPath(new URL('../', import.meta.url));

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  const workspace = path.join(folder, 'work');
  mkdirSync(workspace);
  const loop = path.join(workspace, 'send-loop');
  const source = path.join(root, 'bench/native/send-loop.c');
  execFileSync('cc', ['-O2', '-Wall', '-Werror', '-pthread', '-o', loop, source]);
  const env = {
    ...process.env,
    HOME: folder,
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  };
  const both = (name: string, prefix: readonly string[], how: string): Series[] =>
    medianAndHigh(name, () => {
      const [file = '', ...rest] = [...prefix, loop, how, String(COUNT)];
      return execFileSync(file, rest, { cwd: workspace, env, encoding: 'utf8' });
    });
  const leash = [path.join(root, 'leash'), '-q', '--'];
  const rows = interleave(
    [
      ...both('stream, outside', [], 'stream'),
      ...both('stream, one thread', leash, 'stream'),
      ...both('stream, two threads', leash, 'threads'),
      ...both('socket file, outside', [], 'named'),
      ...both('socket file', leash, 'named'),
    ],
    ROUNDS,
  );
  const added = (inside: string, outside: string): string =>
    `${((findRow(rows, inside).median - findRow(rows, outside).median) / 1000).toFixed(1)} µs`;
  const notes = [
    ['stream, one thread', 'stream, outside'],
    ['stream, two threads', 'stream, outside'],
    ['socket file', 'socket file, outside'],
  ].map(
    ([inside = '', outside = '']) =>
      `${inside}: ${added(inside, outside)} more, p99 ${added(`${inside}, p99`, `${outside}, p99`)}`,
  );
  report('send', 'ns', rows, 'stream, outside', notes);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
