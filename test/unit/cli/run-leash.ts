// A command line in; what the built `leash` printed, and its exit status, out.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../dist/run/main.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function runLeash(args: readonly string[], env: Readonly<Record<string, string>> = {}): Outcome {
  // Where nothing can be made, not even by root.
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/dev/null/home', ...env },
  });
  return { status, stdout, stderr };
}
