// The workspace and further volumes in, what a backend mounts and leash-entry is told to show them out.
import type { Mask } from './masks.ts';
import { CHANGES } from './own-folder.ts';
import type { SandboxRequest } from './plan.ts';
import type { ReviewedVolume } from './volume.ts';

function folders(request: SandboxRequest): readonly ReviewedVolume[] {
  return (request.reviewed ?? []).filter(({ isFolder }) => isFolder);
}

/** Where the host's own shows besides the workspace. */
export function shownPlaces({ volumes = [], reviewed = [] }: SandboxRequest): readonly string[] {
  return [...volumes, ...reviewed].map(({ place }) => place);
}

/** A place of the host's that is mounted as it is. */
export interface Bind {
  readonly source: string;
  readonly place: string;
  readonly isWritable: boolean;
}

/** What lies in another comes after it. A folder under review is read-only until an overlay covers it; of a file, its copy shows. */
export function shownBinds({ workspace, volumes = [], reviewed = [] }: SandboxRequest): readonly Bind[] {
  const binds = [
    ...volumes.map(({ source, place, access }) => ({ source, place, isWritable: access === 'read-write' })),
    ...reviewed.map(({ source, place, own, isFolder }) =>
      isFolder ? { source, place, isWritable: false } : { source: `${own}/file`, place, isWritable: true },
    ),
  ];
  if (!reviewed.some(({ place }) => place === workspace))
    binds.push({ source: workspace, place: workspace, isWritable: true });
  const depth = ({ place }: Bind): number => place.split('/').length;
  return binds.sort((a, b) => depth(a) - depth(b));
}

/** The layers of each overlay, for leash-entry to mount and then to hide. */
export function layerBinds(request: SandboxRequest): readonly Bind[] {
  return folders(request).flatMap(({ source, own }, number) => [
    { source, place: `${CHANGES}/${number}/lower`, isWritable: false },
    { source: own, place: `${CHANGES}/${number}/own`, isWritable: true },
  ]);
}

/** For leash-entry: the overlays in the order of their layers, and what it masks in them. */
export function overlayWords(request: SandboxRequest, masks: readonly Mask[]): string[] {
  return [
    ...folders(request).flatMap(({ place }) => ['--overlay', place]),
    ...masks.flatMap(({ place, isReviewed }) => (isReviewed ? ['--mask', place] : [])),
  ];
}
