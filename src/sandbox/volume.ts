// What a place of the host is to the sandbox: where it is, where the agent sees it, and what it may do there.
import path from 'node:path';

export type Access = 'read-only' | 'read-write' | 'review';

export interface Volume {
  /** Absolute real path of a file or folder of the host. */
  readonly source: string;
  /** Absolute path inside. */
  readonly place: string;
  /** `review`: changes are kept aside until a person accepts them. */
  readonly access: Access;
}

/** A place whose changes are kept aside. */
export interface ReviewedVolume {
  readonly source: string;
  readonly place: string;
  readonly isFolder: boolean;
  /** A folder of the host's: `upper` and `work` of an overlay, or `file`, the copy that the agent changes. */
  readonly own: string;
}

/** Files that stand right in a place under review and are the session's own: copies of logins. No change of them is one of the host's. */
export function ownFilesIn(
  { place, access }: Pick<Volume, 'place' | 'access'>,
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (access !== 'review') return {};
  const within = Object.entries(files).filter(([file]) => path.dirname(file) === place);
  return Object.fromEntries(within.map(([file, text]) => [path.basename(file), text]));
}

/** Where a path of the host shows below a volume; undefined when it does not. */
export function placeIn({ source, place }: Pick<Volume, 'source' | 'place'>, file: string): string | undefined {
  if (file === source) return place;
  const prefix = source === '/' ? '/' : `${source}/`;
  return file.startsWith(prefix) ? `${place}/${file.slice(prefix.length)}` : undefined;
}
