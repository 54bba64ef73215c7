// open + close of one file: outside, under a bare notification with descriptor injection, and inside leash with decision and record.
//
//   npm run bench -- open [rounds]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRow, interleave, report } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const COUNT = 20_000;
const FILE = '/usr/lib/os-release';
const root = fileURLToPath(new URL('../', import.meta.url));

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  const workspace = path.join(folder, 'work');
  mkdirSync(workspace);
  const compile = (name: string, target: string): string => {
    execFileSync('cc', ['-O2', '-Wall', '-Werror', '-o', target, path.join(root, 'bench/native', `${name}.c`)]);
    return target;
  };
  const loop = compile('open-loop', path.join(workspace, 'open-loop'));
  const bare = compile('bare-notify', path.join(folder, 'bare-notify'));
  const env = {
    ...process.env,
    HOME: folder,
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  };
  const run = (command: readonly string[], count: number): number =>
    Number(
      execFileSync(command[0] ?? '', [...command.slice(1), FILE, String(count)], {
        cwd: workspace,
        env,
        encoding: 'utf8',
      }),
    );
  const rows = interleave(
    [
      { name: 'outside', measure: () => run([loop], 10 * COUNT) },
      { name: 'bare notify + inject', measure: () => run([bare, loop], COUNT) },
      { name: 'inside leash', measure: () => run([path.join(root, 'leash'), '-q', '--', loop], COUNT) },
    ],
    ROUNDS,
  );
  const sessions = path.join(folder, 'state/leash/sessions');
  const journaled = readdirSync(sessions).map((id) => readFileSync(path.join(sessions, id, 'session.json'), 'utf8'));
  const events = journaled.reduce((sum, text) => sum + ((JSON.parse(text) as { allowed?: number }).allowed ?? 0), 0);
  const ratio = findRow(rows, 'inside leash').median / findRow(rows, 'bare notify + inject').median;
  report('open', 'ns', rows, 'bare notify + inject', [
    `target ≤ 1.5 × bare round trip, complete with the record written: ${ratio.toFixed(2)}`,
    `${events} events are in the journals of ${journaled.length} sessions of ${COUNT} opens`,
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
