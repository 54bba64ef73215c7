// What all runs of one process share in, the places for it out: programs, policies by their text, and what Leash remembers of these.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let folder: string | undefined;

/** Private to this process, removed at its end; others may read it. */
export function scratch(): string {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(path.join(tmpdir(), 'leash-battery-'));
  chmodSync(made, 0o755);
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
}

const written = new Set<string>();

/**
 * A file with the policy, under a name that depends on its text: where Leash checked it once, it need not check it again. Written once: a
 * session that starts meanwhile must not find it empty.
 */
export function policyFile(text: string): string {
  const file = path.join(scratch(), `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.cedar`);
  if (!written.has(file)) writeFileSync(file, text);
  written.add(file);
  return file;
}

/**
 * A folder for Leash's cache, hidden from every agent. A fresh one for each run would cost a second: the Cedar library is loaded to check
 * a text that is not remembered.
 * @param own gives a folder to who runs Leash
 */
export function cacheHome(as: string, own: (file: string) => void): string {
  const cache = path.join(scratch(), `cache-${as}`);
  if (mkdirSync(cache, { recursive: true, mode: 0o700 }) !== undefined) own(cache);
  return cache;
}
