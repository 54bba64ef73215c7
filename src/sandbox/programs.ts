// Which folders below the private home must be shown read-only so that the programs on PATH are still there.
import fs from 'node:fs';
import path from 'node:path';

function isBelow(child: string, parent: string): boolean {
  return child.startsWith(parent.endsWith('/') ? parent : `${parent}/`);
}

/**
 * A folder `bin` shows its parent too (`~/.nvm/versions/node/v20/bin` needs `lib` beside it), unless the parent is the home or `~/.local`,
 * where other things live.
 */
function rootOf(bin: string, home: string): string {
  const parent = path.dirname(bin);
  const isOwnTree = path.basename(bin) === 'bin' && parent !== home && parent !== path.join(home, '.local');
  return isOwnTree ? parent : bin;
}

/** Existing folders below `home` that hold programs: from PATH, and where a link in them leads. */
export function programFolders(searchPath: string | undefined, home: string): string[] {
  const folders = new Set<string>();
  for (const entry of (searchPath ?? '').split(':')) {
    if (!path.isAbsolute(entry)) continue;
    const bin = path.normalize(entry).replace(/\/$/, '');
    if (isBelow(bin, home) && fs.existsSync(bin)) folders.add(rootOf(bin, home));
  }
  return [...folders];
}
