// A folder that may not exist in; it exists, for its owner alone where it had to be made, or an error of the system.
import fs from 'node:fs';
import path from 'node:path';

/** Not with `recursive`: Node tries for ever where the kernel says ENOENT below a folder that is there. */
export function makeFolder(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (folder !== '/') makeFolder(path.dirname(folder));
  fs.mkdirSync(folder, { mode: 0o700 });
}
