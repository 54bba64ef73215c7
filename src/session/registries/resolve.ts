// Roles that a policy speaks of in, the hosts behind them out: asked of the user's own tools once, and again when their files change.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { readCache, writeCache } from '../../policy/cache.ts';
import type { Registries, RegistryRole } from '../../policy/facts.ts';
import { CARGO_VARIABLES, cargoRegistries } from './cargo.ts';
import { NPM_VARIABLES, npmRegistries } from './npm.ts';
import { PIP_VARIABLES, pipRegistries } from './pip.ts';
import { type Finding, findTool, type Surroundings } from './surroundings.ts';
import type { Told } from './told.ts';

/** Part of every cache key: raise it with any change to what is found. */
const VERSION = 'registries 1';

interface Manager {
  /** Asked about its configuration; of cargo only files are read. */
  readonly tool?: string;
  readonly variables: RegExp;
  readonly find: (surroundings: Surroundings) => Promise<Finding>;
}

const MANAGERS: Readonly<Record<RegistryRole, Manager>> = {
  npm: { tool: 'npm', variables: NPM_VARIABLES, find: npmRegistries },
  pip: { tool: 'python3', variables: PIP_VARIABLES, find: pipRegistries },
  cargo: { variables: CARGO_VARIABLES, find: cargoRegistries },
};

/** Changes whenever a file is written, replaced, made or removed, or a link is led elsewhere. */
function stamp(file: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = fs.statSync(file);
    return [dev, ino, size, mtimeMs, ctimeMs].join();
  } catch {
    return 'absent';
  }
}

function keyOf(role: RegistryRole, surroundings: Surroundings): string {
  const { tool, variables } = MANAGERS[role];
  const program = tool === undefined ? '' : (findTool(tool, surroundings) ?? '');
  const started = /^(npm_command|npm_lifecycle_event|XDG_CONFIG_HOME|XDG_CONFIG_DIRS|PATH)$/;
  const env = Object.entries(surroundings.env).filter(([name]) => variables.test(name) || started.test(name));
  const parts = [VERSION, role, surroundings.home, surroundings.workspace, program, stamp(program), env.sort()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

interface Kept extends Finding {
  readonly stamps: readonly string[];
}

async function findRegistries(role: RegistryRole, surroundings: Surroundings, cacheDir: string): Promise<Finding> {
  const key = keyOf(role, surroundings);
  const stored = readCache(cacheDir, key);
  const kept = stored === undefined ? undefined : (JSON.parse(stored) as Kept);
  if (kept?.files.map(stamp).join(';') === kept?.stamps.join(';') && kept !== undefined) return kept;
  const finding = await MANAGERS[role].find(surroundings);
  // A tool that failed is asked again.
  if (finding.files.length > 0) {
    writeCache(cacheDir, key, JSON.stringify({ ...finding, stamps: finding.files.map(stamp) } satisfies Kept));
  }
  return finding;
}

export interface Resolved {
  readonly registries: Registries;
  /** Lines for a person. */
  readonly notes: readonly string[];
  readonly told: Told;
}

/** Resolves the roles at once, each from the user's own configuration outside the workspace. Never throws: what is not found is not permitted. */
export async function resolveRegistries(
  roles: readonly RegistryRole[],
  surroundings: Surroundings,
  cacheDir: string,
): Promise<Resolved> {
  const findings = await Promise.all(
    roles.map(async (role) => [role, await findRegistries(role, surroundings, cacheDir)] as const),
  );
  return {
    registries: Object.fromEntries(findings.map(([role, { members }]) => [role, members])),
    notes: findings.flatMap(([role, { notes }]) => notes.map((note) => `registries of ${role}: ${note}`)),
    told: {
      env: Object.assign({}, ...findings.map(([, { told }]) => told.env)),
      files: Object.assign({}, ...findings.map(([, { told }]) => told.files)),
    },
  };
}
