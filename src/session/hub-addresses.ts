// Where hubs of this user listen, by one file each in the state folder: written by a hub before it listens, read by who must never connect there.
import fs from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../host/make-folder.ts';
import { processIdentity } from '../journal/owner.ts';

const FOLDER = 'hubs';

/** @returns what takes the word back. Throws the system's error: who cannot say where it listens must not. */
export function announceHub(stateDir: string, port: number): () => void {
  const folder = path.join(stateDir, FOLDER);
  makeFolder(folder);
  const file = path.join(folder, String(port));
  const word = `${process.pid} ${processIdentity(process.pid) ?? ''}`;
  fs.writeFileSync(`${file}.${process.pid}`, word, { mode: 0o600 });
  fs.renameSync(`${file}.${process.pid}`, file);
  return () => {
    try {
      if (fs.readFileSync(file, 'utf8') === word) fs.rmSync(file);
    } catch {
      // Another has it now.
    }
  };
}

/** Whether a hub that still lives announced this port. What cannot be read counts as one: it fails closed. */
export function isHubPort(stateDir: string, port: number): boolean {
  let word: string;
  try {
    word = fs.readFileSync(path.join(stateDir, FOLDER, String(port)), 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
  const [pid = '', identity = ''] = word.split(' ');
  const found = processIdentity(Number(pid));
  return found !== undefined && (identity === '' || found === identity);
}
