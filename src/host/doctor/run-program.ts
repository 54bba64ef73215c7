// A program and its arguments in, what it printed out.
import { execFile } from 'node:child_process';
import type { Host } from './host.ts';

/** A program that does not answer in this many milliseconds is taken for broken. */
const PATIENCE = 10_000;
const OUTPUT_BYTES = 64 * 1024;

export interface Output {
  /** True when the program ended with status 0. */
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without input to its end. A program that cannot be started has failed with the reason on `stderr`. */
export function runProgram(file: string, args: readonly string[], env: Host['env'] = process.env): Promise<Output> {
  const options = {
    env: { ...env, LC_ALL: 'C' },
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
    maxBuffer: OUTPUT_BYTES,
  } as const;
  return new Promise((resolve) => {
    const child = execFile(file, [...args], options, (error, stdout, stderr) => {
      resolve({ ok: error === null, stdout, stderr: stderr === '' && error !== null ? error.message : stderr });
    });
    child.stdin?.end();
  });
}

/** First line of a program's output or complaint. */
export function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
