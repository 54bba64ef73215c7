// The upper layer of an overlay in, the folders in it that hide what the host has at their place out.
import { spawnSync } from 'node:child_process';
import { LeashError } from '../host/errors.ts';
import { nativePath } from '../host/paths.ts';
import { type BytePath, fromBytes } from './name.ts';

/** Names of a hundred thousand deep folders. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Node reads no extended attributes; leash-entry does.
 * @throws {LeashError} LEASH_REVIEW
 */
export function opaqueFolders(upper: string, env: Readonly<Record<string, string | undefined>>): ReadonlySet<BytePath> {
  const { status, stdout, stderr, error } = spawnSync(nativePath('leash-entry', env), ['--opaque', upper], {
    env: {},
    maxBuffer: MOST_BYTES,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) {
    const why = error?.message ?? String(stderr).trim();
    throw new LeashError('LEASH_REVIEW', `the changes in ${upper} cannot be read: ${why}`);
  }
  return new Set(fromBytes(stdout).split('\0').slice(0, -1));
}
