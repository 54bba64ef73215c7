// A folder that the agent filled in; nothing of it out, whatever names and modes it chose.
import fs from 'node:fs';
import { HeldFolder } from './held-folder.ts';
import type { BytePath } from './name.ts';

function removeEntry(folder: HeldFolder, name: BytePath): void {
  const stats = folder.look(name);
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    fs.unlinkSync(folder.at(name));
    return;
  }
  // One that its owner cannot search, as overlayfs makes its `work` and the agent any, cannot be emptied.
  if ((stats.mode & 0o700n) !== 0o700n) fs.chmodSync(folder.at(name), 0o700);
  const below = folder.open(name);
  try {
    for (const child of below.names()) removeEntry(below, child);
  } finally {
    below.close();
  }
  fs.rmdirSync(folder.at(name));
}

/** Removes what `folder` has by that name; follows no link. @throws the system's error */
export function removeTree(folder: string, name: BytePath): void {
  const held = HeldFolder.open(folder);
  try {
    removeEntry(held, name);
  } finally {
    held.close();
  }
}
