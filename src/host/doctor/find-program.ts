// The name of a program in, where it is out, unless the agent could have put it there. On the way to the agent's start, so it loads no more than it must.
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Host } from './host.ts';

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The real path of a file that may not exist: that of its nearest existing folder, and the rest. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const folder = path.dirname(file);
    return folder === file ? file : path.join(realPath(folder), path.basename(file));
  }
}

/**
 * Whether a file, or what a link leads to from it, lies in a folder.
 * @param folder absolute real path, without a final slash
 */
export function leadsInto(folder: string, file: string): boolean {
  return [path.resolve(file), realPath(path.resolve(file))].some((place) => `${place}/`.startsWith(`${folder}/`));
}

/** The workspace of a command that is given none. */
export function currentFolder(): string {
  try {
    return realpathSync('.');
  } catch {
    return '/'; // removed: nobody can put anything there
  }
}

/**
 * The environment for programs that Leash itself runs, outside the sandbox: PATH without folders that are relative or lie in the workspace,
 * such as `node_modules/.bin` or a virtual environment's. The agent writes there, also while Leash runs. LEASH_WORKSPACE names it.
 * @param workspace absolute real path
 */
export function outsideEnv<E extends Host['env']>(env: E, workspace: string = currentFolder()): E {
  if (env['PATH'] === undefined) return env;
  const folders = env['PATH'].split(':');
  return {
    ...env,
    LEASH_WORKSPACE: workspace,
    PATH: folders.filter((folder) => path.isAbsolute(folder) && !leadsInto(workspace, folder)).join(':'),
  };
}

/**
 * First executable file `name` in the absolute folders of PATH, or undefined.
 * @param workspace absolute real path: no program there is taken, nor a link to one
 */
export function findProgram(name: string, env: Host['env'] = process.env, workspace?: string): string | undefined {
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => path.isAbsolute(folder));
  const mayBe = (file: string): boolean => workspace === undefined || !leadsInto(workspace, file);
  return folders.map((folder) => path.join(folder, name)).find((file) => isExecutable(file) && mayBe(file));
}
