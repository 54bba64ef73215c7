// A folder of its own for each test, and `leash policy …` run there: arguments in; output and status out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const SOUND = '@id("all") permit(principal, action, resource);\n';
export const BROKEN =
  'permit(principal, action == Action::"FileOpne", resource);\npermt(principal, action, resource);\n';

export class PolicyFolder {
  readonly path: string = mkdtempSync(path.join(os.tmpdir(), 'leash-policy-cli-'));

  /** Half a minute is far more than any command here needs; what hangs is killed and has no status. */
  run(args: readonly string[], input = ''): Outcome {
    const env = { PATH: process.env['PATH'], HOME: this.path, NO_COLOR: '1' };
    const options = { encoding: 'utf8', cwd: this.path, env, input, timeout: 150_000, maxBuffer: 1 << 26 } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'policy', ...args], options);
    return { status, stdout, stderr };
  }

  /** Writes a file; returns its name, which is its path from the folder the commands run in. */
  file(name: string, text: string | Uint8Array): string {
    writeFileSync(path.join(this.path, name), text);
    return name;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
