// A path in; the symbolic links on the way to it, and the place where they end, out.
import fs from 'node:fs';
import path from 'node:path';

/** As many as the kernel follows. Source: path_resolution(7). */
const MOST_LINKS = 40;

export interface Way {
  /** Absolute, in the order in which they are followed; those of their targets too. */
  readonly links: readonly string[];
  readonly end: string;
}

function isSymbolicLink(place: string): boolean {
  try {
    return fs.lstatSync(place).isSymbolicLink();
  } catch {
    return false; // not there, below a file, or behind a door that is closed to this user: nothing to follow
  }
}

/** Nothing on the way needs to exist. */
export function wayTo(place: string): Way {
  const links: string[] = [];
  const parts = (text: string): string[] => text.split('/').filter((part) => part !== '');
  let at = '/';
  for (let rest = parts(path.resolve(place)); rest.length > 0 && links.length < MOST_LINKS; ) {
    const next = path.join(at, rest.shift() ?? '');
    const isLink = isSymbolicLink(next);
    if (isLink) {
      links.push(next);
      rest = [...parts(path.resolve(at, fs.readlinkSync(next))), ...rest];
    }
    at = isLink ? '/' : next;
  }
  return { links, end: at };
}

/** Whether a path is a folder or lies in it, by name. */
export function isBelow(place: string, folder: string): boolean {
  return `${place}/`.startsWith(folder === '/' ? folder : `${folder}/`);
}
