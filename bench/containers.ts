// Start to exit of `leash --backend podman|docker -- true` against the engine's own `run`, in an image of BusyBox. Needs the engines, and root.
//
//   npm run bench -- containers [rounds]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENGINES, engineMissing, Lab } from '../test/fixtures/containers.ts';
import { findRow, interleave, report, wallTime } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 11);
const leash = fileURLToPath(new URL('../leash', import.meta.url));
/** Where root may raise no limit, podman's own defaults start nothing. */
const LIMITS = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];

async function measure(name: (typeof ENGINES)[number], folder: string): Promise<void> {
  const lab = await Lab.open(name);
  try {
    const image = lab.image('bench');
    const { program, options } = lab.engine;
    const env = { ...process.env, ...lab.env, HOME: folder };
    const at = { cwd: path.join(folder, 'work'), env };
    const client = [program, ...options];
    const bare = `${name} run --network none`;
    const rows = interleave(
      [
        {
          name: bare,
          measure: () => wallTime([...client, 'run', '--rm', '--network', 'none', ...LIMITS, image, 'true'], at),
        },
        {
          name: `./leash --backend ${name}`,
          measure: () => wallTime([leash, '-q', '--backend', name, '--image', image, '--', 'true'], at),
        },
        { name: `${name} image inspect`, measure: () => wallTime([...client, 'image', 'inspect', image], at) },
        {
          name: './leash (bubblewrap)',
          measure: () => wallTime([leash, '-q', '--backend', 'bubblewrap', '--', 'true'], at),
        },
        { name: 'node -e 0', measure: () => wallTime(['node', '-e', '0'], at) },
      ],
      ROUNDS,
    );
    const own = findRow(rows, `./leash --backend ${name}`).median;
    report(`containers-${name}`, 'ms', rows, bare, [
      `target ≤ 1.25 × ${bare}: ${(own / findRow(rows, bare).median).toFixed(2)}`,
    ]);
  } finally {
    await lab.close();
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
mkdirSync(path.join(folder, 'work'));
try {
  for (const name of ENGINES) {
    const missing = engineMissing(name);
    if (missing === undefined) await measure(name, folder);
    else console.log(`containers-${name}: skipped, ${missing}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
