// The kernel's release in, whether it is recent enough out.

/** Major and minor number. */
export type KernelVersion = readonly [major: number, minor: number];

/** Needed: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV came with 5.19. Source: seccomp(2). */
export const OLDEST_KERNEL: KernelVersion = [5, 19];

/** `6.18.44-cloud` is 6.18; undefined for text that is not a release. */
export function parseKernelVersion(release: string): KernelVersion | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

export function isAtLeast(version: KernelVersion, oldest: KernelVersion): boolean {
  return version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1]);
}
