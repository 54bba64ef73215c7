// The arguments of `run` and this host in; when the command names an agent, what its session is started with out.
import type { Config } from '../config/config.ts';
import { isProfile, profilesInForce } from '../policy/profile.ts';
import { AGENT_KEYS } from '../sandbox/agents/providers.ts';
import { type Launch, launchAgent, type Place } from '../session/agents/launch.ts';
import type { SessionOptions } from '../session/options.ts';
import type { Surroundings } from '../session/registries/surroundings.ts';
import type { RunArgs } from './run-args.ts';

type Chosen = Pick<SessionOptions, 'command' | 'agent' | 'profiles' | 'policyFile' | 'extraEnv' | 'plainSecrets'>;

/** What an agent of the user's own is ruled by, beside additions that are named; Leash's own have a profile of their name. */
function policyOf(
  { profiles, policyFile }: RunArgs,
  { agent: { agent } }: Launch,
): Pick<Chosen, 'profiles' | 'policyFile'> {
  const isChosen =
    policyFile !== undefined || (profiles.length > 0 && profilesInForce(profiles).length === profiles.length);
  if (isChosen || agent.profile === agent.name) return { profiles, policyFile };
  if (isProfile(agent.profile)) return { profiles: [agent.profile, ...profiles], policyFile };
  return { profiles, policyFile: agent.profile };
}

/** Keys of models that the agent is to hold as they are. */
function plainKeys(env: Surroundings['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(AGENT_KEYS.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/**
 * @param passed variables that the user named
 * @param say a line for the person at the terminal
 * @throws {LeashError} LEASH_AGENT_INSTALL, LEASH_COMMAND_NOT_FOUND, LEASH_CONFIG
 */
export async function agentSession(
  args: RunArgs,
  place: Place,
  config: Config | undefined,
  passed: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<Chosen> {
  const [word = '', ...rest] = args.command;
  const launch = await launchAgent(word, place, config, say);
  const plain = args.plainSecrets ? plainKeys(place.surroundings.env) : {};
  if (args.plainSecrets) say('the agent holds the keys and the login of its model themselves (--plain-secrets)');
  return {
    ...(launch === undefined ? { profiles: args.profiles, policyFile: args.policyFile } : policyOf(args, launch)),
    command: launch === undefined ? args.command : [launch.program, ...rest],
    agent: launch?.agent,
    extraEnv: { ...launch?.environment, ...plain, ...passed },
    plainSecrets: args.plainSecrets,
  };
}
