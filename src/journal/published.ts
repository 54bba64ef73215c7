// The ports that a running session publishes, to and from a file beside its journal; replaced whole.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FILE = 'published';

/** @param published each as `ADDRESS:HOSTPORT:PORT`. What cannot be written is not shown. */
export function writePublished(dir: string, published: readonly string[]): void {
  const temporary = path.join(dir, `${FILE}.new`);
  try {
    rmSync(temporary, { force: true });
    writeFileSync(temporary, published.map((line) => `${line}\n`).join(''), { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path.join(dir, FILE));
  } catch {
    // The journal, which cannot be written either then, ends the session.
  }
}

export function readPublished(dir: string): readonly string[] {
  try {
    return readFileSync(path.join(dir, FILE), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
