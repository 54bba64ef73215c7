// The user's configuration in, all agents that can be called by a name out: those of Leash's catalogue, and the user's own.
import type { Config } from '../../config/config.ts';
import { LeashError } from '../../host/errors.ts';
import { agentNames, findAgent } from '../../sandbox/agents/catalog.ts';
import { AgentFault, readAgent } from './agent-table.ts';
import type { NamedAgent } from './session-agent.ts';

/** Agents of the user's configuration. @throws {LeashError} LEASH_CONFIG */
function configuredAgents({ file, agents, lineOf }: Config, home: string): readonly NamedAgent[] {
  return [...agents].map(([name, table]) => {
    try {
      return readAgent(name, table, home);
    } catch (error) {
      if (!(error instanceof AgentFault)) throw error;
      const line = lineOf('agents', name, ...(error.key === undefined ? [] : [error.key]));
      throw new LeashError('LEASH_CONFIG', `${file}:${line}: agents.${name}: ${error.message}`);
    }
  });
}

/** All, Leash's own first. @throws {LeashError} LEASH_CONFIG */
export function allAgents(config: Config | undefined, home: string): readonly NamedAgent[] {
  const own = agentNames().flatMap((name) => findAgent(name) ?? []);
  return [
    ...own.map((agent) => ({ agent, keys: [] })),
    ...(config === undefined ? [] : configuredAgents(config, home)),
  ];
}
