// The folder a person asked for in, the real path of the agent's workspace out, or why it cannot be one.
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';

/** Folders that hold everything else; as a workspace they would hand the machine to the agent. */
function isTooWide(folder: string, home: string): boolean {
  return (
    folder === '/' ||
    home.startsWith(`${folder}/`) ||
    ['/etc', '/usr', '/var', '/proc', '/sys', '/dev', '/run', '/boot', '/tmp'].includes(folder)
  );
}

/** @param asked undefined for the current directory. @throws {LeashError} LEASH_WORKSPACE */
export function workspaceOf(asked: string | undefined, home: string): string {
  // Some containers of users without an entry have it so.
  if (home === '/')
    throw new LeashError('LEASH_WORKSPACE', 'the home is /, which a private home for the agent would cover; set HOME');
  const named = asked ?? process.cwd();
  let real: string;
  try {
    real = realpathSync(path.resolve(named));
    if (!statSync(real).isDirectory())
      throw new LeashError('LEASH_WORKSPACE', `the workspace ${named} is not a directory`);
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    // Node hands paths on as text, with this for a byte that is none.
    const why = named.includes('\ufffd') ? 'has a name that is not UTF-8' : 'does not exist';
    throw new LeashError('LEASH_WORKSPACE', `the workspace ${named} ${why}`, { cause });
  }
  if (isTooWide(real, home)) {
    throw new LeashError(
      'LEASH_WORKSPACE',
      `the workspace ${real} would give the agent far more than a project; nothing was started`,
    );
  }
  return real;
}
