// What a sandbox shows in; the places in it that hold secrets, and so are masked, out.
import { isBelow, wayTo } from '../host/way.ts';
import { copiesAt } from './copies.ts';
import type { SandboxRequest } from './plan.ts';
import { PRIVATE_FOLDERS } from './private-folders.ts';
import { type Secret, visibleSecrets } from './secrets.ts';
import { ownFilesIn, placeIn, type ReviewedVolume, type Volume } from './volume.ts';

export interface Mask {
  readonly place: string;
  readonly isDirectory: boolean;
  /** It lies in an overlay, which covers the mounts below it: whoever mounts that has to mask. */
  readonly isReviewed: boolean;
}

type Shown = Pick<Volume, 'source' | 'place'>;

/** Where the home is private, what it leads out of it to is not: `~/.ssh` may be a link into a shared folder, or into the workspace. */
function inOwnPlaces(request: SandboxRequest): Secret[] {
  const { home, workspace } = request;
  const covered = new Set(copiesAt('cover', request).map(([place]) => wayTo(place).end));
  const own = [home, ...PRIVATE_FOLDERS];
  return visibleSecrets([home], request.hidden).filter((secret) => {
    if (secret.path === home || isBelow(workspace, secret.path) || covered.has(secret.path)) return false;
    // Already out of sight below a private folder, unless the workspace shows it again.
    return isBelow(secret.path, workspace) || !own.some((folder) => isBelow(secret.path, folder));
  });
}

/** A volume shows what lies in it whatever is private around it, and under its own name. */
function inVolume(request: SandboxRequest, shown: Shown): Secret[] {
  return visibleSecrets([request.home], request.hidden).flatMap(({ path, isDirectory }) => {
    const place = placeIn(shown, path);
    return place === undefined || place === shown.place ? [] : [{ path: place, isDirectory }];
  });
}

function ownPlaces({ place, isFolder }: ReviewedVolume, { copies = {} }: SandboxRequest): string[] {
  const names = isFolder ? Object.keys(ownFilesIn({ place, access: 'review' }, copies)) : [];
  return names.map((name) => `${place}/${name}`);
}

/** Every mask, each place once. */
export function masks(request: SandboxRequest): Mask[] {
  const reviewed = request.reviewed ?? [];
  const shown: readonly Shown[] = [
    ...(request.volumes ?? []),
    ...reviewed.filter(({ place }) => place !== request.workspace),
  ];
  const own = new Set(reviewed.flatMap((volume) => ownPlaces(volume, request)));
  const secrets = [...inOwnPlaces(request), ...shown.flatMap((volume) => inVolume(request, volume))].filter(
    ({ path }) => !own.has(path),
  );
  const places = new Map(secrets.map(({ path, isDirectory }) => [path, isDirectory]));
  return [...places].map(([place, isDirectory]) => ({
    place,
    isDirectory,
    isReviewed: reviewed.some((volume) => volume.isFolder && isBelow(place, volume.place)),
  }));
}
