// The user's own npm in, the registries its user and global configuration name out. Source: npm-config(1), npmrc(5).
import { askTool } from './ask-tool.ts';
import { registryMembers, withoutCredentials } from './member.ts';
import { type Finding, findTool, isInWorkspace, nothing, type Surroundings, toolEnvironment } from './surroundings.ts';
import type { Told } from './told.ts';

export const NPM_VARIABLES: RegExp = /^npm_config_/i;

/** In a script that npm runs, its variables repeat the configuration of the project. Source: npm-run-script(1), "Environment". */
function startedByNpm({ env }: Surroundings): boolean {
  return env['npm_command'] !== undefined || env['npm_lifecycle_event'] !== undefined;
}

/** A registry with credentials in its URL is one that npm does not print. */
function fromEnvironment(env: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(env).find(([name]) => /^npm_config_registry$/i.test(name))?.[1];
}

const AGENT_NPMRC = '/run/leash/npmrc';

/** As user configuration, so that what the project's own says still counts; the policy decides whether that is reached. */
function tell(settings: readonly (readonly [string, unknown])[]): Told {
  const lines = settings.flatMap(([name, url]) => {
    const bare = typeof url === 'string' ? withoutCredentials(url) : undefined;
    return bare === undefined ? [] : [`${name}=${bare}\n`];
  });
  return { env: { npm_config_userconfig: AGENT_NPMRC }, files: { [AGENT_NPMRC]: lines.join('') } };
}

export async function npmRegistries(surroundings: Surroundings): Promise<Finding> {
  const npm = findTool('npm', surroundings);
  if (npm === undefined) return nothing('npm was not found outside the workspace');
  const env = toolEnvironment(surroundings, startedByNpm(surroundings) ? /^$/ : NPM_VARIABLES);
  // Global: no project's configuration is read. No log file is left behind.
  const config = await askTool(npm, ['config', 'list', '--json', '--global', '--logs-max=0'], env);
  if (config === undefined) return nothing('npm does not tell its configuration');
  const files = [config['userconfig'], config['globalconfig']].filter((file) => typeof file === 'string');
  if (files.some((file) => isInWorkspace(file, surroundings))) {
    return nothing(
      'the configuration of npm lies in the workspace, where the agent could change it, so it is not used',
    );
  }
  const registry = config['registry'] ?? fromEnvironment(env);
  const scoped = Object.entries(config).filter(([name]) => /^@[^/]+:registry$/.test(name));
  const settings = [['registry', registry] as const, ...scoped];
  const urls = settings.map(([, url]) => url).filter((url) => typeof url === 'string');
  const hint =
    'npm keeps the URL of its registry to itself, because it holds credentials; move them to an `_authToken` line';
  return { members: registryMembers(urls), files, notes: registry === undefined ? [hint] : [], told: tell(settings) };
}
