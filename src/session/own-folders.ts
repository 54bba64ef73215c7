// The folders of Leash on this machine in; those that the agent could reach are made, and what leads to them is out of its hands.
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { makeFolder } from '../host/make-folder.ts';
import { cacheDir, configDir, dataDir, stateDir } from '../host/paths.ts';
import { isBelow, wayTo } from '../host/way.ts';
import { cedarString } from '../policy/text/literal.ts';
import { placeIn, type Volume } from '../sandbox/volume.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Whoever owns the folder above may not make anything in it, and the agent is the same user. */
const NOBODY_MAY: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Journals, compiled policies, settings and approvals: nothing for the agent to see. */
export function hiddenFolders(env: Env): readonly string[] {
  return [stateDir(env), cacheDir(env), configDir(env)];
}

/** Agents that Leash installed: for the agent to read. */
export function agentStore(env: Env): string {
  return path.join(dataDir(env), 'agents');
}

/** All of them. */
export function ownFolders(env: Env): readonly string[] {
  return [...hiddenFolders(env), agentStore(env)];
}

/** Those that a place shows, also by a link that leads into it. */
export function foldersIn(source: string, env: Env): readonly string[] {
  return ownFolders(env).filter((folder) => isBelow(folder, source) || isBelow(wayTo(folder).end, source));
}

/**
 * Who works in the home has Leash's own folders in the workspace. What exists is covered by a mount; what does not exist the agent could
 * make for the next session to read.
 * @throws {LeashError} LEASH_WORKSPACE
 */
export function holdOwnFolders(workspace: string, env: Env): void {
  const around = hiddenFolders(env).find(
    (folder) => isBelow(workspace, folder) || isBelow(workspace, wayTo(folder).end),
  );
  if (around !== undefined) {
    const why = `Leash keeps its own files in ${around}, which the agent may not see`;
    throw new LeashError('LEASH_WORKSPACE', `the workspace ${workspace} cannot be used: ${why}`);
  }
  for (const folder of foldersIn(workspace, env)) {
    try {
      makeFolder(folder);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
      if (NOBODY_MAY.has(code)) continue;
      const why = `Leash's own folder ${folder} lies in it and cannot be made (${String(code)}), so that the agent could make it`;
      throw new LeashError('LEASH_WORKSPACE', `the workspace ${workspace} cannot be used: ${why}`, { cause });
    }
  }
}

/**
 * Plain Cedar. The kernel lets folders above a mount be moved: what is forbidden below them keeps them where they are, since a rename may
 * not make anything more permitted. Links that lead there no mount holds at all. Nothing where no such folder lies in the workspace.
 */
export function ownFoldersGuard(workspace: string, env: Env = process.env): string {
  return guardOf('leash:own-folders', { source: workspace, place: workspace }, env);
}

/** The same for a volume, which shows them under names of its own. `id`: of the statement. */
export function guardOf(id: string, shown: Pick<Volume, 'source' | 'place'>, env: Env): string {
  const ways = foldersIn(shown.source, env).map((folder) => ({ folder, ...wayTo(folder) }));
  const seen = (files: readonly string[]): string[] => files.flatMap((file) => placeIn(shown, file) ?? []);
  const folders = seen(ways.flatMap(({ folder, end }) => [folder, end]));
  const links = seen(ways.flatMap((way) => way.links));
  if (folders.length === 0) return '';
  const insides = folders.map((place) => `Dir::${cedarString(`${place}/`)}`);
  const entities = new Set([...[...folders, ...links].map((place) => `File::${cedarString(place)}`), ...insides]);
  return `@id("${id}") @reason("The folders of Leash, and what leads to them, stay as they are.")
forbid(principal, action in Action::"FileOpenReadWrite", resource) when { resource in [${[...entities].join(', ')}] };`;
}
