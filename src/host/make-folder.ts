// A folder that may not exist in; it exists, for its owner alone unless a mode is given where it had to be made, or an error of the system.
import fs from 'node:fs';
import path from 'node:path';

/** Not with `recursive`: Node tries for ever where the kernel says ENOENT below a folder that is there. */
export function makeFolder(folder: string, mode = 0o700): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (folder !== '/') makeFolder(path.dirname(folder), mode);
  try {
    fs.mkdirSync(folder, { mode });
  } catch (error) {
    // Another start was faster.
    if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}
