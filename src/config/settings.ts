// A table of [leash] or [projects."…"] in, its settings out, or what is wrong with it.
import { BACKENDS } from '../schema/backend.ts';
import { MODES } from '../schema/verdict.ts';
import {
  type ConfiguredVolume,
  isTable,
  OPTION_KEYS,
  type Placed,
  PROJECT_KEYS,
  type Settings,
  type Table,
} from './config.ts';
import { ConfigFault, insteadOf } from './fault.ts';
import { type Base, readPlace } from './place.ts';
import { readVolumes } from './volume-table.ts';

export interface SettingsContext extends Base {
  readonly agents: readonly string[];
  readonly lineOf: (...keys: readonly string[]) => number;
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const VARIABLE_BYTES_MAX = 1 << 17;
/** `registry:port/name:tag@digest`; never an option of an engine. */
const IMAGE = /^[A-Za-z0-9][\w.:/@-]{0,254}$/;
/** Keys that are true or false. */
const SWITCHES: readonly string[] = ['read_only'];
const CHOICES: Readonly<Record<string, readonly string[]>> = { backend: BACKENDS, mode: MODES };

/** Words with a slash, and those that end as files of Cedar do, are files, relative to the configuration. */
function readPolicy(list: string, base: Base, ...keys: readonly string[]): string {
  const words = list.split(',').map((word) => word.trim());
  if (words.includes('')) throw new ConfigFault(`an empty name in ${JSON.stringify(list)}`, ...keys);
  const places = words.map((word) => (/\/|\.cedar$|^~|^\$/.test(word) ? readPlace(word, base, ...keys) : word));
  if (places.some((place) => place.includes(',')))
    throw new ConfigFault('a comma in the path of a policy separates two', ...keys);
  return places.join();
}

function readOption(key: string, value: unknown, base: Base, at: readonly string[]): string {
  const fail = (message: string): never => {
    throw new ConfigFault(`${key} ${message}`, ...at, key);
  };
  if (SWITCHES.includes(key)) return typeof value === 'boolean' ? String(value) : fail('is true or false');
  if (typeof value !== 'string' || (value === '' && key !== 'listen')) return fail('is no text');
  const choices = CHOICES[key];
  if (choices !== undefined && !choices.includes(value))
    return fail(`${JSON.stringify(value)} is unknown; it is one of ${choices.join(', ')}`);
  if (key === 'target_image' && !IMAGE.test(value)) return fail(`${JSON.stringify(value)} is no name of an image`);
  return key === 'policy' ? readPolicy(value, base, ...at, key) : value;
}

function readOptions(table: Table, context: SettingsContext, at: readonly string[]): Settings['options'] {
  return new Map(
    Object.entries(OPTION_KEYS)
      .filter(([key]) => Object.hasOwn(table, key))
      .map(([key, option]) => {
        const value = readOption(key, table[key], context, at);
        return [option, { value, line: context.lineOf(...at, key) }];
      }),
  );
}

/** Values may be credentials and are never part of a message. */
function readEnvvars(value: unknown, { lineOf }: SettingsContext, at: readonly string[]): Settings['envvars'] {
  if (!isTable(value)) throw new ConfigFault(`${at.at(-1)} is no table of variables`, ...at);
  return new Map(
    Object.entries(value).map(([name, text]) => {
      if (!VARIABLE.test(name)) throw new ConfigFault(`${JSON.stringify(name)} is no name of a variable`, ...at, name);
      if (typeof text !== 'string')
        throw new ConfigFault(`the variable ${name} needs a text: ${name} = "…"`, ...at, name);
      if (text.includes('\0') || text.length > VARIABLE_BYTES_MAX)
        throw new ConfigFault(`the variable ${name} is too long, or holds a NUL`, ...at, name);
      return [name, { value: text, line: lineOf(...at, name) }];
    }),
  );
}

/** Agents in a project's own table, and in `[volumes]`. */
function placedMounts(
  mounts: ReadonlyMap<string, boolean>,
  context: SettingsContext,
  at: readonly string[],
): Settings['mounts'] {
  return new Map([...mounts].map(([agent, value]) => [agent, { value, line: context.lineOf(...at, agent) }]));
}

function placedVolumes(
  { volumes, keyOf }: Pick<ReturnType<typeof readVolumes>, 'volumes' | 'keyOf'>,
  { lineOf }: SettingsContext,
  at: readonly string[],
): ReadonlyMap<string, Placed<ConfiguredVolume | false>> {
  return new Map(
    [...volumes].map(([source, value]) => [source, { value, line: lineOf(...at, keyOf.get(source) ?? source) }]),
  );
}

function requireKeys(table: Table, known: readonly string[], at: readonly string[], agents: readonly string[]): void {
  for (const key of Object.keys(table)) {
    if (known.includes(key)) continue;
    const instead = agents.includes(key) ? `write ${key} = true or false in [volumes]` : insteadOf(key, known);
    throw new ConfigFault(`${at[0]} has no key ${JSON.stringify(key)}; ${instead}`, ...at, key);
  }
}

function tableAt(value: unknown, at: readonly string[], header: string): Table {
  if (value === undefined) return {};
  if (!isTable(value)) throw new ConfigFault(`${at.join('.')} is no table; write ${header}`, ...at);
  return value;
}

/** `[leash]` and `[volumes]`. @throws ConfigFault */
export function readGlobal(leash: unknown, volumes: unknown, context: SettingsContext): Settings {
  const table = tableAt(leash, ['leash'], '[leash]');
  requireKeys(table, [...Object.keys(OPTION_KEYS), 'envvars'], ['leash'], context.agents);
  const at = ['volumes'];
  const read = readVolumes(tableAt(volumes, at, '[volumes]'), { ...context, at, isProject: false });
  return {
    options: readOptions(table, context, ['leash']),
    envvars: readEnvvars(table['envvars'] ?? {}, context, ['leash', 'envvars']),
    mounts: placedMounts(read.mounts, context, at),
    volumes: placedVolumes(read, context, at),
  };
}

/** One table of `[projects."…"]`. @throws ConfigFault */
export function readProject(key: string, value: unknown, context: SettingsContext): Settings {
  const at = ['projects', key];
  const table = tableAt(value, at, `[projects.${JSON.stringify(key)}]`);
  const { agents, lineOf } = context;
  requireKeys(table, [...PROJECT_KEYS, ...agents], at, []);
  const own = agents.filter((agent) => Object.hasOwn(table, agent));
  const wrong = own.find((agent) => typeof table[agent] !== 'boolean');
  if (wrong !== undefined)
    throw new ConfigFault(`${wrong} is true or false: whether its own configuration is mounted`, ...at, wrong);
  const volumesAt = [...at, 'volumes'];
  const read = readVolumes(tableAt(table['volumes'], volumesAt, '[projects."…".volumes]'), {
    ...context,
    at: volumesAt,
    isProject: true,
  });
  return {
    options: readOptions(table, context, at),
    envvars: readEnvvars(table['envvars'] ?? {}, context, [...at, 'envvars']),
    mounts: new Map(own.map((agent) => [agent, { value: table[agent] === true, line: lineOf(...at, agent) }])),
    volumes: placedVolumes(read, context, volumesAt),
  };
}
