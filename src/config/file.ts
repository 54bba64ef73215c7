// The user's config.toml in, what stands in it out, if nobody else could have written it.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { configDir } from '../host/paths.ts';
import { isBelow, wayTo } from '../host/way.ts';
import type { Config } from './config.ts';
import type { ReadContext } from './read-text.ts';

const MOST_BYTES = 1 << 20;
const OTHERS_WRITE = 0o022;

export interface ConfigSurroundings {
  /** The environment of leash. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path. */
  readonly home: string;
  /** Absolute real path: the agent writes here, so nothing here is read as configuration. */
  readonly workspace: string;
  /** Names of the agents that Leash knows. */
  readonly agents: readonly string[];
}

/** @throws {LeashError} LEASH_CONFIG */
export function configFile(env: ConfigSurroundings['env']): string {
  return path.join(configDir(env), 'config.toml');
}

/**
 * Whether the agent could change the file. A link in the workspace is in its hands, wherever it leads. Who works in the home itself has the
 * folder there, and the sandbox hides it.
 */
export function isAgents(file: string, { workspace, home }: ConfigSurroundings): boolean {
  const { links, end } = wayTo(file);
  const isInWorkspace = [path.resolve(file), ...links, end].some((place) => isBelow(place, workspace));
  return isInWorkspace && wayTo(home).end !== workspace;
}

function objection(file: string, surroundings: ConfigSurroundings): string | undefined {
  if (isAgents(file, surroundings)) return 'it lies in the workspace, where the agent could change it';
  const places = [file, path.dirname(fs.realpathSync(file))].map((place) => ({ place, stat: fs.statSync(place) }));
  if (places[0]?.stat.isFile() !== true) return 'it is no file';
  if (places[0].stat.size > MOST_BYTES) return `it is longer than ${MOST_BYTES} bytes`;
  const own = [0, process.getuid?.() ?? 0];
  const foreign = places.find(({ stat }) => !own.includes(stat.uid) || (stat.mode & OTHERS_WRITE) !== 0);
  return foreign && `others than you may write to ${foreign.place}; take the right away with chmod go-w`;
}

/** A link to nothing is there: whoever made it expects it to be read. */
function isThere(file: string): boolean {
  try {
    fs.lstatSync(file);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Undefined when there is none. @throws {LeashError} LEASH_CONFIG */
export function readConfigFile(surroundings: ConfigSurroundings): string | undefined {
  const file = configFile(surroundings.env);
  try {
    if (!isThere(file)) return undefined;
    const problem = objection(file, surroundings);
    if (problem !== undefined) throw new LeashError('LEASH_CONFIG', `${file} is not used: ${problem}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file));
  } catch (cause) {
    if (cause instanceof LeashError) throw cause;
    if (cause instanceof TypeError) throw new LeashError('LEASH_CONFIG', `${file} is not UTF-8`, { cause });
    throw new LeashError('LEASH_CONFIG', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
      cause,
    });
  }
}

/** What the text of a file is read with. */
export function readContext({ env, home, agents }: ConfigSurroundings): ReadContext {
  const file = configFile(env);
  return { file, env, agents, home: wayTo(home).end, folder: wayTo(path.dirname(file)).end };
}

/** Undefined when there is no file. @throws {LeashError} LEASH_CONFIG */
export async function readConfig(surroundings: ConfigSurroundings): Promise<Config | undefined> {
  const text = readConfigFile(surroundings);
  if (text === undefined) return undefined;
  // A parser costs a start some milliseconds.
  return (await import('./read-text.ts')).readConfigText(text, readContext(surroundings));
}
