// A login file of the host enters, its text leaves, if the user alone could have written it; and what is renewed is written back to it.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isInWorkspace, type Surroundings } from '../registries/surroundings.ts';

const MOST_BYTES = 262_144;
const OTHERS_WRITE = 0o022;

/** Undefined: there is none. */
export function readLoginFile(
  file: string,
  surroundings: Surroundings,
): { readonly text: string } | { readonly problem: string } | undefined {
  let fd: number | undefined;
  try {
    if (fs.lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
    if (isInWorkspace(file, surroundings))
      return { problem: 'it lies in the workspace, where the agent could change it' };
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) return { problem: 'it is no file' };
    if (stat.size > MOST_BYTES) return { problem: `it is longer than ${MOST_BYTES} bytes` };
    if (stat.uid !== process.getuid?.() || (stat.mode & OTHERS_WRITE) !== 0)
      return { problem: 'others than you may write to it' };
    return { text: fs.readFileSync(fd, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be read (${code})` };
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/**
 * Puts `text` in place of the file, if it is still what `before` says, by rename(2): whoever reads it sees the one or the other.
 * @returns why not
 */
export function replaceLoginFile(
  file: string,
  before: string,
  text: string,
  surroundings: Surroundings,
): string | undefined {
  const partial = path.join(path.dirname(file), `.leash-${randomUUID()}`);
  try {
    const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_NOFOLLOW;
    const fd = fs.openSync(partial, flags, 0o600);
    try {
      fs.writeFileSync(fd, text);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    const now = readLoginFile(file, surroundings);
    if (now === undefined) return 'it was removed meanwhile';
    if ('problem' in now) return now.problem;
    if (now.text !== before) return 'it was changed meanwhile';
    fs.renameSync(partial, file);
    return undefined;
  } catch (error) {
    return `it cannot be written (${(error as NodeJS.ErrnoException).code})`;
  } finally {
    fs.rmSync(partial, { force: true });
  }
}
