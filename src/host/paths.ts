// Where Leash keeps things on this machine, by the XDG base directory specification, and where its own program files are.
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LeashError } from './errors.ts';

/** Root of the installed package (the folder with `package.json`), from `dist/host/` or `src/host/`. */
export const PACKAGE_ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** Where a system has its own programs, whatever PATH says; the last is NixOS's. */
export const SYSTEM_PATH = '/usr/bin:/bin:/run/current-system/sw/bin';

type Env = Readonly<Record<string, string | undefined>>;

function xdg(env: Env, variable: string, fallback: string): string {
  const value = env[variable];
  // The specification says relative values are invalid and must be ignored.
  const base = value !== undefined && path.isAbsolute(value) ? value : path.join(env['HOME'] || os.homedir(), fallback);
  return path.join(base, 'leash');
}

/** Journals and session records. */
export function stateDir(env: Env = process.env): string {
  return xdg(env, 'XDG_STATE_HOME', '.local/state');
}

/** Compiled policies; may be deleted at any time. */
export function cacheDir(env: Env = process.env): string {
  return xdg(env, 'XDG_CACHE_HOME', '.cache');
}

/** Agents that Leash installed. */
export function dataDir(env: Env = process.env): string {
  return xdg(env, 'XDG_DATA_HOME', '.local/share');
}

/**
 * Settings, and approvals given for always: `$LEASH_HOME` itself, else by the specification.
 * @throws {LeashError} LEASH_CONFIG
 */
export function configDir(env: Env = process.env): string {
  const own = env['LEASH_HOME'];
  if (own) {
    if (path.isAbsolute(own)) return path.resolve(own);
    throw new LeashError('LEASH_CONFIG', `LEASH_HOME is ${JSON.stringify(own)}, which does not begin with /`);
  }
  return xdg(env, 'XDG_CONFIG_HOME', '.config');
}

export function sessionsDir(env: Env = process.env): string {
  return path.join(stateDir(env), 'sessions');
}

/** Path of a native program (`leash-warden`, `leash-entry`). */
export function nativePath(program: string, env: Env = process.env): string {
  return path.join(env['LEASH_NATIVE_DIR'] || path.join(PACKAGE_ROOT, 'native/build'), program);
}
