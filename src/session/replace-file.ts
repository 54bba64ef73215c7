// A file and its new text in; the file holds it, with the owner and mode it had, or is as it was.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';

/** Writes beside and renames; a link stays a link. Throws LEASH_POLICY_READ when the place cannot be written. */
export function replaceFile(file: string, text: string): void {
  let made: string | undefined;
  try {
    const real = fs.realpathSync(file);
    const { mode, uid, gid } = fs.statSync(real);
    const temporary = path.join(path.dirname(real), `.${path.basename(real)}.${process.pid}`);
    const descriptor = fs.openSync(temporary, 'wx', 0o600);
    made = temporary;
    try {
      fs.writeFileSync(descriptor, text);
      fs.fchownSync(descriptor, uid, gid);
      fs.fchmodSync(descriptor, mode & 0o7777);
      fs.fdatasyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, real);
  } catch (cause) {
    if (made !== undefined) fs.rmSync(made, { force: true });
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new LeashError('LEASH_POLICY_READ', `cannot write ${file} (${code}); it is unchanged`, { cause });
  }
}
