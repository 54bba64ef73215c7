// Names of agents in; each in Leash's own store out.
import { realpathSync } from 'node:fs';
import os from 'node:os';
import { readConfig } from '../../../config/file.ts';
import { outsideEnv } from '../../../host/doctor/find-program.ts';
import { EXIT, LeashError } from '../../../host/errors.ts';
import { agentNames } from '../../../sandbox/agents/catalog.ts';
import { installAgent } from '../../../sandbox/agents/store.ts';
import { allAgents } from '../../../session/agents/known-agents.ts';
import type { Invocation } from '../../command.ts';
import { nearest } from '../../suggest.ts';
import { say } from '../../terminal.ts';

/** `leash agents install`. @throws {LeashError} LEASH_USAGE, LEASH_CONFIG, LEASH_AGENT_INSTALL */
export async function install({ words }: Invocation): Promise<number> {
  const { env } = process;
  if (words.length === 0) throw new LeashError('LEASH_USAGE', 'say which agent to install: `leash agents` lists them');
  const home = env['HOME'] || os.homedir();
  const workspace = realpathSync('.');
  const config = await readConfig({ env, home, workspace, agents: agentNames() });
  const known = allAgents(config, home);
  const wanted = words.map((word) => {
    const agent = known.find((each) => each.agent.name === word)?.agent;
    if (agent !== undefined) return agent;
    const names = known.map((each) => each.agent.name);
    const meant = nearest(word, names);
    const way = meant === undefined ? `known are ${names.join(', ')}` : `did you mean ${meant}?`;
    throw new LeashError('LEASH_AGENT_INSTALL', `there is no agent ${JSON.stringify(word)}; ${way}`);
  });
  for (const agent of wanted) {
    const { command, version } = await installAgent(agent, {
      env: outsideEnv(env, workspace),
      onProgress: (line) => say(`leash: ${line}`),
    });
    say(`leash: ${agent.name} ${version} is ${command}`);
  }
  return EXIT.ok;
}
