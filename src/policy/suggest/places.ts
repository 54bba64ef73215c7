// A folder and the sessions' directories in; whether a suggestion may ever permit it as a whole, and what it then leaves out.
import type { Action } from '../../schema/request.ts';
import type { SessionFacts } from '../facts.ts';
import { cedarPattern } from '../text/literal.ts';

/** Of this folder alone, or of all below it. */
export type Breadth = 'direct' | 'below';

/** What the system's packages bring along; for everybody to read, and no place for settings or secrets of this machine. */
const SYSTEM = ['/usr/', '/bin/', '/sbin/', '/lib/', '/lib32/', '/lib64/', '/libx32/', '/opt/', '/nix/store/'];

/** Names in it are made anew by each session: process numbers. */
export const PROCESS_FOLDER = '/proc/';

export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder) && path !== folder;
}

/** `/proc/12/stat` of one session is `/proc/15/stat` of the next. */
export function isOfProcess(path: string): boolean {
  return /^\/proc\/\d+\//.test(path);
}

/** Directories of the sessions that a folder must not swallow. */
function ownPlaces(settings: readonly SessionFacts[]): readonly string[] {
  return settings.flatMap(({ workspace, home, tmp }) => [workspace, home, tmp]);
}

/**
 * May all in a folder be permitted because some of it was used? Never the root, a home, /etc, or a folder that holds one of the sessions' own
 * directories. A workspace and a private temporary directory may; below the private home, and for reading below the system's own directories.
 */
export function mayWiden(folder: string, action: Action, settings: readonly SessionFacts[]): boolean {
  if (ownPlaces(settings).some((place) => isBelow(place, folder))) return false;
  const isOwn = settings.some(
    ({ workspace, home, tmp }) =>
      ((folder === workspace || isBelow(folder, workspace)) && workspace !== home) ||
      (workspace === home && isBelow(folder, workspace)) ||
      isBelow(folder, home) ||
      folder === tmp ||
      isBelow(folder, tmp),
  );
  return isOwn || (action === 'FileOpenReadOnly' && SYSTEM.some((system) => isBelow(folder, system)));
}

/** Has the folder itself a hidden name on its way? */
export function isHiddenPlace(folder: string): boolean {
  return folder.includes('/.');
}

const KEY_NAMES = ['id_rsa', 'id_dsa', 'id_ecdsa', 'id_ed25519'];
const KEY_ENDINGS = ['key', 'p12', 'pfx', 'jks', 'keytab', 'kdbx'];

/** Is this path left out of a widened folder that it lies in? The same as `exclusions` says in Cedar, or more. */
export function isLeftOut(path: string, folder: string): boolean {
  const rest = `/${path.slice(folder.length)}`;
  const bare = rest.replace(/\/$/, '');
  const name = bare.slice(bare.lastIndexOf('/') + 1);
  return (
    rest.includes('/.') ||
    name === 'leash.cedar' ||
    path.endsWith('/containers/auth.json') ||
    KEY_NAMES.includes(name) ||
    KEY_ENDINGS.includes(name.slice(name.lastIndexOf('.') + 1))
  );
}

function texts(all: readonly string[]): string {
  return `[${all.map((text) => `"${text}"`).join(', ')}]`;
}

/** Conditions under which a widened folder permits nothing: what is hidden, and what is called like a key or a policy. */
export function exclusions(folder: string, breadth: Breadth): readonly string[] {
  const hidden =
    breadth === 'direct'
      ? ['resource.name like ".*"']
      : isHiddenPlace(folder)
        ? [
            `resource.path like ${cedarPattern([`${folder}.`, ''])}`,
            `resource.path like ${cedarPattern([folder, '/.', ''])}`,
          ]
        : ['resource.path like "*/.*"'];
  return [
    ...hidden,
    'resource.path like "*/containers/auth.json"',
    'resource.name == "leash.cedar"',
    `${texts(KEY_NAMES)}.contains(resource.name)`,
    `${texts(KEY_ENDINGS)}.contains(resource.ext)`,
  ];
}
