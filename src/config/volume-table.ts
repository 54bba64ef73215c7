// A table of volumes in, what each mounts and whether agents' own configuration is mounted out, or what is wrong with it.
import path from 'node:path';
import type { ConfiguredVolume, Table } from './config.ts';
import { ConfigFault, insteadOf } from './fault.ts';
import { type Base, readPlace } from './place.ts';

export interface VolumeTable {
  readonly mounts: ReadonlyMap<string, boolean>;
  readonly volumes: ReadonlyMap<string, ConfiguredVolume | false>;
  /** The key as written, by source. */
  readonly keyOf: ReadonlyMap<string, string>;
}

export interface VolumeContext extends Base {
  /** Names of agents. */
  readonly agents: readonly string[];
  /** Where the table stands. */
  readonly at: readonly string[];
  /** A project may take a global volume away. */
  readonly isProject: boolean;
}

const ACCESS = { ro: 'read-only', rw: 'read-write' } as const;

/** Text after `=`: `/place`, `/place:ro` or `/place:rw`. */
function readTarget(text: string, ...keys: readonly string[]): Pick<ConfiguredVolume, 'place' | 'access'> {
  const [, place = '', access = 'rw'] = /^(.*?)(?::(ro|rw))?$/s.exec(text) ?? [];
  const isPlace = path.isAbsolute(place) && !/[:\u0000-\u001f\u007f]/.test(place) && path.normalize(place) !== '/';
  if (!isPlace || place.split('/').includes('..'))
    throw new ConfigFault(`${JSON.stringify(text)} is no place inside, as "/data" or "/data:ro"`, ...keys);
  return { place: path.resolve(place), access: ACCESS[access === 'ro' ? 'ro' : 'rw'] };
}

function isAgentName(key: string): boolean {
  return !/[/.~$]/.test(key);
}

/** @throws ConfigFault */
export function readVolumes(table: Table, { agents, at, isProject, ...base }: VolumeContext): VolumeTable {
  const mounts = new Map<string, boolean>();
  const volumes = new Map<string, ConfiguredVolume | false>();
  const keyOf = new Map<string, string>();
  for (const [key, value] of Object.entries(table)) {
    const isAgent = agents.includes(key);
    if (typeof value === 'boolean' && (isAgent || isAgentName(key))) {
      if (!isAgent)
        throw new ConfigFault(`there is no agent ${JSON.stringify(key)}; ${insteadOf(key, agents)}`, ...at, key);
      if (isProject)
        throw new ConfigFault(`${key} stands one table higher: ${key} = ${value} in [projects."…"]`, ...at, key);
      mounts.set(key, value);
      continue;
    }
    if (isAgent) throw new ConfigFault(`${key} is true or false: whether its own configuration is mounted`, ...at, key);
    if (typeof value !== 'string' && !(isProject && value === false))
      throw new ConfigFault(
        `${JSON.stringify(key)} needs a place inside, as "/data:ro"${isProject ? ', or false' : ''}`,
        ...at,
        key,
      );
    const source = readPlace(key, base, ...at, key);
    if (volumes.has(source)) throw new ConfigFault(`${JSON.stringify(key)} is mounted twice`, ...at, key);
    volumes.set(source, typeof value === 'string' ? { source, ...readTarget(value, ...at, key) } : false);
    keyOf.set(source, key);
  }
  return { mounts, volumes, keyOf };
}
