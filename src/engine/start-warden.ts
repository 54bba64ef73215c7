// The command line of leash-warden in, the running program with its streams out, or why this machine starts none.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { LeashError } from '../host/errors.ts';

type Started = ChildProcess & { readonly stdio: NonNullable<ChildProcess['stdio']> };

/** Bytes of what execve(2) counts together. */
function sizeOf(words: readonly string[], env: SpawnOptions['env']): number {
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`);
  return [...words, ...variables].reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
}

function spawned(program: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(program, words, options);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'E2BIG') throw cause;
    const bytes = sizeOf(words, options.env);
    throw new LeashError(
      'LEASH_COMMAND_NOT_EXECUTABLE',
      `the command and its environment, with what Leash adds, are ${bytes} bytes, more than the kernel takes (E2BIG)`,
      { cause },
    );
  }
}

/** @throws {LeashError} LEASH_COMMAND_NOT_EXECUTABLE, LEASH_HOST_EXHAUSTED */
export function startWarden(program: string, words: readonly string[], options: SpawnOptions): Started {
  const child = spawned(program, words, options);
  // Out of descriptors, Node gives back a child without streams, and says why only later.
  if ((child.stdio as ChildProcess['stdio'] | undefined) === undefined) {
    child.on('error', () => undefined);
    throw new LeashError('LEASH_HOST_EXHAUSTED', `no open files are left to start ${program}`);
  }
  return child;
}
