// A folder in, what every name below it is and holds out; two of these in, what changed between them, in words, out.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

interface Entry {
  readonly [fact: string]: string;
}

/** By path relative to the folder; a directory's ends with `/`. */
export type Snapshot = ReadonlyMap<string, Entry>;

function contentOf(file: string, isFile: boolean, isLink: boolean): string {
  try {
    if (isLink) return readlinkSync(file);
    return isFile ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}

function entryOf(file: string): Entry {
  const stat = lstatSync(file, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return { kind: 'a name that is not UTF-8' };
  // A directory's times and size follow from what is in it, and that is compared by itself.
  const counted = stat.isDirectory() ? [] : [stat.nlink, stat.size, stat.mtimeNs, stat.ctimeNs];
  const [links = 0n, size = 0n, written = 0n, changed = 0n] = counted;
  return {
    kind: String(stat.mode & 0o170000n),
    mode: (stat.mode & 0o7777n).toString(8),
    owner: `${stat.uid}:${stat.gid}`,
    inode: String(stat.ino),
    'number of links': String(links),
    size: String(size),
    'time of writing': String(written),
    'time of change': String(changed),
    content: contentOf(file, stat.isFile(), stat.isSymbolicLink()),
  };
}

function* namesBelow(folder: string, prefix: string): Generator<string> {
  for (const entry of readdirSync(path.join(folder, prefix), { withFileTypes: true })) {
    const name = `${prefix}${entry.name}`;
    if (!entry.isDirectory()) {
      yield name;
    } else {
      yield `${name}/`;
      try {
        yield* namesBelow(folder, `${name}/`);
      } catch {
        // not ours to read: its own entry is compared
      }
    }
  }
}

/** @param isWanted of a relative path, as in the result */
export function snapshot(folder: string, isWanted: (name: string) => boolean): Snapshot {
  const entries = new Map<string, Entry>();
  for (const name of namesBelow(folder, '')) if (isWanted(name)) entries.set(name, entryOf(path.join(folder, name)));
  return entries;
}

/** One sentence for each name that appeared, vanished or is not what it was. */
export function changes(before: Snapshot, after: Snapshot): string[] {
  const sentences: string[] = [];
  for (const [name, was] of before) {
    const is = after.get(name);
    const facts = Object.keys(was).filter((fact) => is?.[fact] !== was[fact]);
    if (is === undefined) sentences.push(`${name} is gone`);
    else if (facts.length > 0) sentences.push(`${name} has another ${facts.join(', ')}`);
  }
  for (const name of after.keys()) if (!before.has(name)) sentences.push(`${name} was made`);
  return sentences;
}
