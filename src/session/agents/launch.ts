// The first word of a command in; when it names an agent, its program on this host or from Leash's store out, installed when it is nowhere.
import type { Config } from '../../config/config.ts';
import { outsideEnv } from '../../host/doctor/find-program.ts';
import { LeashError } from '../../host/errors.ts';
import { findAgent } from '../../sandbox/agents/catalog.ts';
import type { Surroundings } from '../registries/surroundings.ts';
import { hostProgram } from './find-program.ts';
import type { NamedAgent, SessionAgent } from './session-agent.ts';

export interface Launch {
  /** Absolute path; in an image, also the name of one of its programs. */
  readonly program: string;
  readonly agent: SessionAgent;
  /** What it needs in its environment; what the user has set goes first. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Leash's own, or the user's. @throws {LeashError} LEASH_CONFIG */
export async function namedAgent(
  word: string,
  home: string,
  config: Config | undefined,
): Promise<NamedAgent | undefined> {
  const own = findAgent(word);
  if (own !== undefined) return { agent: own, keys: [] };
  if (config === undefined || config.agents.size === 0) return undefined;
  const { allAgents } = await import('./known-agents.ts');
  return allAgents(config, home).find(({ agent }) => agent.name === word);
}

/** What of this host is started, and where. */
export interface Place {
  readonly surroundings: Surroundings;
  /** The agent runs in an image: this host's programs are made for this host's libraries. */
  readonly isContained: boolean;
}

/**
 * @param onProgress called with a line for a person at each step that takes time
 * @returns undefined when the word names no agent
 * @throws {LeashError} LEASH_AGENT_INSTALL, LEASH_CONFIG
 */
export async function launchAgent(
  word: string,
  { surroundings, isContained }: Place,
  config: Config | undefined,
  onProgress: (line: string) => void,
): Promise<Launch | undefined> {
  if (word.includes('/')) return undefined;
  const named = await namedAgent(word, surroundings.home, config);
  if (named === undefined) return undefined;
  const { agent, keys } = named;
  const environment = Object.fromEntries(
    Object.entries(agent.environment).filter(([name]) => surroundings.env[name] === undefined),
  );
  // The image's own program of that name or path.
  if (isContained && agent.package === undefined)
    return { program: agent.bin, agent: { agent, keys, shown: [] }, environment };
  const found = isContained ? undefined : hostProgram(agent, surroundings);
  if (found !== undefined) return { program: found.command, agent: { agent, keys, shown: found.shown }, environment };
  if (agent.package === undefined)
    throw new LeashError(
      'LEASH_COMMAND_NOT_FOUND',
      `the agent ${word} has no program ${agent.bin} outside the workspace`,
    );
  const { installAgent } = await import('../../sandbox/agents/store.ts');
  const { command } = await installAgent(agent, {
    env: outsideEnv(surroundings.env, surroundings.workspace),
    onProgress,
  }).catch((error: unknown) => {
    throw notInstalled(word, error);
  });
  return { program: command, agent: { agent, keys, shown: [] }, environment };
}

/** One line: npm names the cause first. */
function notInstalled(word: string, error: unknown): unknown {
  if (!(error instanceof LeashError) || error.code !== 'LEASH_AGENT_INSTALL') return error;
  const cause = error.details[0]?.replace(/^npm error /, '');
  const why = cause === undefined ? error.message : `${error.message} (${cause})`;
  return new LeashError(error.code, `the agent ${word} is not installed here, and cannot be installed: ${why}`, {
    cause: error,
  });
}
