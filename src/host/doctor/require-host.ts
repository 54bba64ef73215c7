// This machine in; nothing out, or the reason why no session can start here. Cheap: file look-ups only.
import os from 'node:os';
import { LeashError } from '../errors.ts';
import { nativePath } from '../paths.ts';
import { findProgram, isExecutable } from './find-program.ts';
import type { Host } from './host.ts';
import { isAtLeast, OLDEST_KERNEL, parseKernelVersion } from './kernel-version.ts';

/** The native programs of a session. */
export const NATIVE_PROGRAMS = ['leash-warden', 'leash-entry'] as const;

function requireKernel(platform: string, release: string): void {
  if (platform !== 'linux') {
    throw new LeashError('LEASH_HOST_INCOMPLETE', `Leash mediates through the Linux kernel; this is ${platform}`);
  }
  const version = parseKernelVersion(release);
  // A release that does not begin with a version is left to the native programs, which ask the kernel itself.
  if (version !== undefined && !isAtLeast(version, OLDEST_KERNEL)) {
    throw new LeashError(
      'LEASH_HOST_INCOMPLETE',
      `the kernel is ${release}; Leash needs ${OLDEST_KERNEL.join('.')} or later`,
    );
  }
}

/**
 * Checks what can be checked without starting anything; that the kernel really grants it shows when the session starts.
 * @param workspace absolute real path: no program there counts
 * Throws LEASH_HOST_INCOMPLETE (kernel, bubblewrap) or LEASH_NATIVE_MISSING.
 */
export function requireHost(
  env: Host['env'] = process.env,
  platform: string = process.platform,
  release: string = os.release(),
  needsBubblewrap = true,
  workspace?: string,
): void {
  requireKernel(platform, release);
  for (const program of NATIVE_PROGRAMS) {
    const file = nativePath(program, env);
    if (!isExecutable(file)) throw new LeashError('LEASH_NATIVE_MISSING', `${file} is missing or not executable`);
  }
  if (needsBubblewrap && findProgram('bwrap', env, workspace) === undefined) {
    throw new LeashError('LEASH_HOST_INCOMPLETE', 'bubblewrap (`bwrap`) is not on PATH outside the workspace');
  }
}
