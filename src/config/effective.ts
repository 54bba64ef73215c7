// Configuration, workspace, environment and command line in; each setting with where its value comes from out. Pure: the one place that
// says what outweighs what.
import { type Config, type ConfiguredVolume, NO_SETTINGS, type Placed, type Settings } from './config.ts';

export interface Chosen<T> {
  readonly value: T;
  /** `/home/me/.config/leash/config.toml:3`, `LEASH_MODE` or `--mode`. */
  readonly from: string;
}

/** An option of `run` as this needs it. */
export interface OptionRule {
  readonly name: string;
  /** Variables of Leash's own environment that set it; the first that is set and not empty. */
  readonly variables?: readonly string[];
  /** An empty value says something, too. */
  readonly mayBeBlank?: boolean;
}

/** Words of the command line. */
export interface Given {
  readonly rules: readonly OptionRule[];
  /** Flags have the value `true`. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

export interface Effective {
  /** By option; absent: its default. */
  readonly options: ReadonlyMap<string, Chosen<readonly string[]>>;
  /** Variables for the agent. */
  readonly envvars: ReadonlyMap<string, Chosen<string>>;
  /** Whether the configuration of an agent is mounted; absent: nobody has decided. */
  readonly mounts: ReadonlyMap<string, Chosen<boolean>>;
  /** By source. */
  readonly volumes: ReadonlyMap<string, Chosen<ConfiguredVolume>>;
}

/** What follows outweighs what stands before. */
function layered<T>(file: string, ...layers: readonly ReadonlyMap<string, Placed<T>>[]): Map<string, Chosen<T>> {
  return new Map(
    layers.flatMap((layer) => [...layer].map(([key, { value, line }]) => [key, { value, from: `${file}:${line}` }])),
  );
}

function fromVariable(
  { variables = [], mayBeBlank = false }: OptionRule,
  env: Readonly<Record<string, string | undefined>>,
): Chosen<readonly string[]> | undefined {
  const name = variables.find((variable) => env[variable] || (mayBeBlank && env[variable] === ''));
  return name === undefined ? undefined : { value: [env[name] ?? ''], from: name };
}

/**
 * Default, then global, then project, then variable, then command line: each outweighs those before it. Variables for the agent and volumes
 * are joined, one by one.
 * @param workspace absolute real path; a project's settings hold for exactly its folder
 */
export function effective(
  config: Config | undefined,
  workspace: string,
  env: Readonly<Record<string, string | undefined>>,
  { rules, values }: Given,
): Effective {
  const { file = '', global = NO_SETTINGS } = config ?? {};
  const project: Settings = config?.projects.get(workspace) ?? NO_SETTINGS;
  const options = new Map<string, Chosen<readonly string[]>>(
    [...layered(file, global.options, project.options)].map(([name, { value, from }]) => [
      name,
      { value: [value], from },
    ]),
  );
  for (const rule of rules) {
    const words = values.get(rule.name);
    const chosen = words === undefined ? fromVariable(rule, env) : { value: words, from: `--${rule.name}` };
    if (chosen !== undefined) options.set(rule.name, chosen);
  }
  const volumes = [...layered(file, global.volumes, project.volumes)].flatMap(([source, { value, from }]) =>
    value === false ? [] : [[source, { value, from }] as const],
  );
  return {
    options,
    envvars: layered(file, global.envvars, project.envvars),
    mounts: layered(file, global.mounts, project.mounts),
    volumes: new Map(volumes),
  };
}
