// The words of a command line in; they, with what variables and config.toml say where they say nothing, out.
import os from 'node:os';
import type { Config } from '../config/config.ts';
import { type Effective, effective } from '../config/effective.ts';
import { readConfig } from '../config/file.ts';
import { LeashError } from '../host/errors.ts';
import { agentNames } from '../sandbox/agents/catalog.ts';
import type { Invocation, Option } from './command.ts';
import { type RunArgs, runArgs } from './run-args.ts';
import { isSet, misspelt, requireChoice } from './variables.ts';
import { workspaceOf } from './workspace.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Settled {
  readonly args: RunArgs;
  readonly home: string;
  readonly workspace: string;
  readonly config: Config | undefined;
  readonly effective: Effective;
  /** Variables for the agent, of config.toml and files; `args.env` outweighs them. */
  readonly envvars: Readonly<Record<string, string>>;
  /** What a person should know. */
  readonly notes: readonly string[];
}

export interface Surroundings {
  readonly env: Env;
  readonly home: string;
  /** As asked for. */
  readonly workspace: string | undefined;
}

/** What stands in the configuration and the environment for a workspace. @throws {LeashError} LEASH_CONFIG, LEASH_WORKSPACE */
export async function settingsFor(
  options: readonly Option[],
  values: Invocation['values'],
  { env, home, workspace: asked }: Surroundings,
): Promise<Pick<Settled, 'config' | 'effective' | 'workspace'>> {
  const workspace = workspaceOf(asked, home);
  const config = await readConfig({ env, home, workspace, agents: agentNames() });
  return { config, effective: effective(config, workspace, env, { rules: options, values }), workspace };
}

/** Flags that the command line gives outweigh their opposites in variables. */
const OPPOSITES: Readonly<Record<string, string>> = { quiet: 'verbose', verbose: 'quiet' };

/** The invocation as if all had been written on the command line. @throws {LeashError} LEASH_USAGE */
function completed(options: readonly Option[], invocation: Invocation, { options: chosen }: Effective): Invocation {
  const flags = new Set(invocation.flags);
  const values = new Map(invocation.values);
  for (const option of options) {
    const { value: words = [], from = '' } = chosen.get(option.name) ?? {};
    const [word] = words;
    if (word === undefined) continue;
    if (option.kind === 'flag') {
      const isOpposed = invocation.flags.has(OPPOSITES[option.name] ?? '');
      if (isSet(word, from) && !isOpposed) flags.add(option.name);
    } else {
      requireChoice(option, word, from);
      values.set(option.name, words);
    }
  }
  return { ...invocation, flags, values };
}

/** What is wrong with a value names its option; where it came from elsewhere, that is said. */
function blamed(error: unknown, { options }: Effective): unknown {
  if (!(error instanceof LeashError) || error.code !== 'LEASH_USAGE') return error;
  const [, name = ''] = /^--([a-z-]+)/.exec(error.message) ?? [];
  const from = options.get(name)?.from;
  if (from === undefined || from.startsWith('--')) return error;
  return new LeashError('LEASH_USAGE', `${error.message} (from ${from})`, { cause: error });
}

/** @throws {LeashError} LEASH_USAGE, LEASH_CONFIG, LEASH_WORKSPACE, LEASH_COMMAND_MISSING */
export async function settle(
  options: readonly Option[],
  invocation: Invocation,
  env: Env = process.env,
): Promise<Settled> {
  runArgs(invocation); // What is wrong with the command line is said first.
  const home = env['HOME'] || os.homedir();
  const given = new Map([...invocation.values, ...[...invocation.flags].map((name) => [name, ['true']] as const)]);
  const workspace = given.get('workspace')?.at(-1) ?? (env['LEASH_WORKSPACE'] || undefined);
  const found = await settingsFor(options, given, { env, home, workspace });
  const files = invocation.values.get('env-file') ?? [];
  const filed = files.length === 0 ? {} : (await import('./env-file.ts')).envFiles(files, env, found.workspace);
  const configured = [...found.effective.envvars].map(([name, { value }]) => [name, value] as const);
  try {
    const args = runArgs(completed(options, invocation, found.effective));
    const envvars = { ...Object.fromEntries(configured), ...filed };
    return { ...found, args, home, envvars, notes: misspelt(options, env) };
  } catch (error) {
    throw blamed(error, found.effective);
  }
}
