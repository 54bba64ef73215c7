// A folder of the host and what is to be in it, too, in; what a backend shows in its place out. The host's own stays as it is.
import fs from 'node:fs';
import { OWN_FOLDER } from './own-folder.ts';

/** Where the host's own folders are inside. */
export const BEHIND: string = `${OWN_FOLDER}/behind`;
/** More would make a command line that is slow to read; the largest known has 600. */
const MOST_ENTRIES = 4_000;

/** An empty, then read-only folder at `place`, in this order: the host's own shown at `behind`, then folders and links in the new one. */
export interface GrownFolder {
  /** Real path of the host's folder. */
  readonly place: string;
  readonly behind: string;
  /** Names of its folders, to be shown as they are. */
  readonly folders: readonly string[];
  /** Name → target. Its own links are as they were; its files are links to `behind`, because a mount for each would be slow. */
  readonly links: ReadonlyMap<string, string>;
}

/**
 * @param number among the grown folders of a sandbox
 * @param replaced places where the backend puts something itself
 * @param added name → target of further links
 * @returns undefined when it is no folder, cannot be read, or has too much in it
 */
export function grownFolder(
  place: string,
  number: number,
  replaced: { has(place: string): boolean },
  added: ReadonlyMap<string, string>,
): GrownFolder | undefined {
  const behind = `${BEHIND}/${number}`;
  const folders: string[] = [];
  const links = new Map<string, string>();
  try {
    const entries = fs.readdirSync(place, { withFileTypes: true });
    if (entries.length > MOST_ENTRIES) return undefined;
    for (const entry of entries) {
      const { name } = entry;
      // Not joined by node:path, which would take longer than all the rest.
      const file = `${place}/${name}`;
      if (replaced.has(file)) continue;
      if (entry.isDirectory()) folders.push(name);
      // As it was: a target may be relative to the place.
      else links.set(name, entry.isSymbolicLink() ? fs.readlinkSync(file) : `${behind}/${name}`);
    }
  } catch {
    return undefined;
  }
  for (const [name, target] of added) links.set(name, target);
  return { place, behind, folders, links };
}
