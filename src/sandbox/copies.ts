// A file that a session has of its own, and what its sandbox shows, in; how the agent comes to see it there out.
import path from 'node:path';
import { isBelow } from '../host/way.ts';
import type { SandboxRequest } from './plan.ts';
import { PRIVATE_FOLDERS } from './private-folders.ts';
import type { Volume } from './volume.ts';

/**
 * `private`: as a file of the agent's, on a mount that is gone with the sandbox. `aside`: in the layer of a place under review.
 * `cover`: read-only over the host's own file. `none`: a volume shows the host's place, where nothing can be put.
 */
export type CopyPlace = 'private' | 'aside' | 'cover' | 'none';

type Shown = Pick<Volume, 'place' | 'access'>;

/** @param shown every volume, those under review too */
export function copyPlace(file: string, shown: readonly Shown[], home: string): CopyPlace {
  const [volume] = shown.filter(({ place }) => isBelow(file, place)).sort((a, b) => b.place.length - a.place.length);
  if (volume !== undefined) return volume.access === 'review' && path.dirname(file) === volume.place ? 'aside' : 'none';
  return [home, ...PRIVATE_FOLDERS].some((folder) => isBelow(file, folder)) ? 'private' : 'cover';
}

/** The copies of a request that come into the sandbox that way: place and content. */
export function copiesAt(
  kind: CopyPlace,
  { copies = {}, volumes = [], reviewed = [], home }: SandboxRequest,
): readonly (readonly [place: string, content: string])[] {
  const shown: readonly Shown[] = [...volumes, ...reviewed.map(({ place }) => ({ place, access: 'review' as const }))];
  return Object.entries(copies).filter(([place]) => copyPlace(place, shown, home) === kind);
}
