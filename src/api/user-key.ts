// The state folder in, the user's key out: made once, readable by nobody else.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { makeFolder } from '../host/make-folder.ts';
import type { UserKey } from './access.ts';

const NAME = 'api-key';
const BYTES = 32;

/** Undefined: there is none. Throws for what is there and no key. */
function read(file: string): UserKey | undefined {
  let fd: number;
  try {
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { mode, uid, size } = fs.fstatSync(fd);
    if ((mode & 0o077) !== 0 || uid !== process.getuid?.()) throw new Error('others may read or write it');
    if (size !== BYTES) throw new Error(`it has ${size} bytes`);
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Beside, then linked: a key is never seen in part, and the first of several processes wins (link(2), EEXIST). */
function make(file: string): void {
  makeFolder(path.dirname(file));
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    fs.writeFileSync(temporary, randomBytes(BYTES), { mode: 0o600, flag: 'wx' });
    fs.linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

/** @throws {LeashError} LEASH_API_KEY */
export function userKey(stateDir: string): UserKey {
  const file = path.join(stateDir, NAME);
  try {
    const known = read(file);
    if (known !== undefined) return known;
    make(file);
    const made = read(file);
    if (made !== undefined) return made;
    throw new Error('it vanished');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new LeashError('LEASH_API_KEY', `the key of the API in ${file} cannot be used: ${why}`, { cause });
  }
}
