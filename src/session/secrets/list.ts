// The user's configuration and environment in, the secrets of a session out, by their names and without their values.
import type { Config } from '../../config/config.ts';
import { LeashError } from '../../host/errors.ts';
import { isProfile } from '../../policy/profile.ts';
import { KEY_PROVIDERS } from '../../sandbox/agents/providers.ts';
import type { NamedAgent } from '../agents/session-agent.ts';
import type { Surroundings } from '../registries/surroundings.ts';
import { agentKeys } from './agent-keys.ts';
import type { ConfiguredSecret } from './configured.ts';

/** Two that fill one variable would hide each other. */
function requireOwnVariables(secrets: readonly ConfiguredSecret[], file: string): void {
  const owner = new Map<string, string>();
  for (const { name, variable } of secrets) {
    if (variable === undefined) continue;
    const other = owner.get(variable);
    if (other !== undefined)
      throw new LeashError(
        'LEASH_CONFIG',
        `${file}: the secrets ${other} and ${name} both fill the variable ${variable}`,
      );
    owner.set(variable, name);
  }
}

/**
 * What is configured, and the keys that agents bring along, where nothing is configured for their variables.
 * @param config undefined where there is none
 * @param passed variables that the user passes on as they are
 * @param agent the session's, if it is one that Leash knows
 * @throws {LeashError} LEASH_CONFIG
 */
export async function listSecrets(
  { env, home }: Surroundings,
  config: Config | undefined,
  passed: Readonly<Record<string, string>>,
  agent?: NamedAgent,
): Promise<readonly ConfiguredSecret[]> {
  const configured = config === undefined ? [] : (await import('./secret-tables.ts')).readSecrets(config, home);
  requireOwnVariables(configured, config?.file ?? '');
  const isFree = ({ name }: ConfiguredSecret): boolean =>
    configured.every((own) => own.name !== name && own.variable !== name && !readsVariable(own, name));
  const ofAgent = (agent?.keys ?? []).filter((key) => env[key.name] && !Object.hasOwn(passed, key.name) && isFree(key));
  const known = agentKeys(env, passed).filter((key) => isFree(key) && ofAgent.every(({ name }) => name !== key.name));
  return [...configured, ...[...ofAgent, ...known].map((key) => opening(key, agent))];
}

/**
 * A key that the agent works with lets it reach the servers of that key, under a profile that is made for it. A server that a base URL
 * names is for the user's policy to permit.
 */
function opening(key: ConfiguredSecret, named: NamedAgent | undefined): ConfiguredSecret {
  if (named === undefined) return key;
  const { profile, credentials } = named.agent;
  if (!credentials.includes(key.name) || !isProfile(profile)) return key;
  const own = named.keys.includes(key) ? undefined : KEY_PROVIDERS[key.name];
  return { ...key, opens: { profile, hosts: own?.hosts ?? key.hosts.map(({ name }) => name) } };
}

function readsVariable({ source }: ConfiguredSecret, variable: string): boolean {
  return source.kind === 'env' && source.variable === variable;
}
