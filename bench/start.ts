// Start to exit of `leash -- true` against `node -e 0`, `bwrap … true` and the sandbox-runtime of Anthropic (`srt`), when npm can fetch it.
//
//   npm run bench -- start [rounds]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRow, interleave, processorTime, report, type Series, wallTime } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const SRT = '@anthropic-ai/sandbox-runtime';
const root = fileURLToPath(new URL('../', import.meta.url));

/** Installs srt into a folder of its own and tries it; a reason when that is not possible here. */
function installSrt(folder: string): { readonly bin: string } | { readonly reason: string } {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', SRT], {
    cwd: folder,
    stdio: 'ignore',
  });
  const bin = path.join(folder, 'node_modules/.bin/srt');
  if (status !== 0 || !existsSync(bin)) return { reason: `${SRT} cannot be installed here` };
  const tried = spawnSync(bin, ['true'], { encoding: 'utf8' });
  return tried.status === 0 ? { bin } : { reason: tried.stderr.trim().split('\n').at(-1) ?? 'it does not start' };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  const workspace = path.join(folder, 'work');
  mkdirSync(workspace);
  const env = {
    ...process.env,
    HOME: folder,
    XDG_STATE_HOME: path.join(folder, 'state'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
  };
  const options = { cwd: workspace, env };
  const leash = path.join(root, 'leash');
  const series: Series[] = [
    { name: 'node -e 0', measure: () => wallTime(['node', '-e', '0'], options) },
    {
      name: 'bwrap true',
      measure: () =>
        wallTime(
          ['bwrap', '--unshare-all', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', 'true'],
          options,
        ),
    },
    { name: './leash -q -- true', measure: () => wallTime([leash, '-q', '--', 'true'], options) },
  ];
  const srt = installSrt(path.join(folder, 'srt'));
  const notes: string[] = [];
  if ('reason' in srt) {
    notes.push(`srt: skipped, ${srt.reason}`);
  } else {
    series.push({ name: 'srt true', measure: () => wallTime([srt.bin, 'true'], options) });
    series.push({
      name: `npx ${SRT} true`,
      measure: () => wallTime(['npx', SRT, 'true'], { ...options, cwd: path.join(folder, 'srt') }),
    });
  }
  const rows = interleave(series, ROUNDS);
  const own = findRow(rows, './leash -q -- true').median;
  notes.push(`target ≤ 2.5 × node -e 0: ${(own / findRow(rows, 'node -e 0').median).toFixed(2)}`);
  if ('bin' in srt) {
    notes.push(
      `target ≤ 0.5 × srt: ${(own / findRow(rows, `npx ${SRT} true`).median).toFixed(2)} of npx srt, ${(own / findRow(rows, 'srt true').median).toFixed(2)} of srt without npx`,
    );
  }
  report('start', 'ms', rows, 'node -e 0', notes);
  const processor: Series[] = [
    { name: 'node -e 0', measure: () => processorTime(['node', '-e', '0'], options) },
    { name: './leash -q -- true', measure: () => processorTime([leash, '-q', '--', 'true'], options) },
  ];
  report('start-processor', 'ms of processor time', interleave(processor, ROUNDS), 'node -e 0', []);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
