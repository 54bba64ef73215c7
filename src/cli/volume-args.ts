// One `--volume` value in, its parts out. No I/O.
import { LeashError } from '../host/errors.ts';
import type { Access } from '../sandbox/volume.ts';

export interface AskedVolume {
  /** As given: relative to the current directory. */
  readonly source: string;
  /** Absolute place inside; undefined for the same as on the host. */
  readonly place: string | undefined;
  readonly access: Access;
}

const ACCESS: Readonly<Record<string, Access>> = { ro: 'read-only', rw: 'read-write', review: 'review' };

/** Reads `SOURCE[:PLACE][:ro|:rw|:review]`, as of docker(1). Throws LEASH_USAGE. */
export function parseVolume(text: string): AskedVolume {
  const parts = text.split(':');
  const access = parts.length > 1 ? ACCESS[parts.at(-1) ?? ''] : undefined;
  if (access !== undefined) parts.pop();
  const [source = '', place, ...more] = parts;
  if (source === '' || place === '' || more.length > 0 || (place !== undefined && !place.startsWith('/'))) {
    throw new LeashError(
      'LEASH_USAGE',
      `--volume needs SOURCE[:PLACE][:ro|:rw|:review], PLACE an absolute path; got ${JSON.stringify(text)}`,
    );
  }
  return { source, place, access: access ?? 'read-write' };
}
