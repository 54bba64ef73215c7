// The name of an agent in; what to execute in the sandbox out: claude-code from Leash's store, or the built-in agent.
import { LeashError } from '../../host/errors.ts';
import { ensureAgent } from '../../sandbox/agents/store.ts';
import { say } from '../terminal.ts';
import type { Project } from './project.ts';

export interface DemoAgent {
  /** For people: `claude-code 2.1.197`. */
  readonly title: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

function builtIn(project: Project): DemoAgent {
  return { title: 'the built-in scripted agent', command: ['node', project.builtInAgent], environment: {} };
}

/** Installs claude-code when it is wanted and missing. When that fails, says so in one line and takes the built-in agent. */
export async function chooseAgent(wanted: string, project: Project): Promise<DemoAgent> {
  if (wanted === 'built-in') return builtIn(project);
  try {
    const { agent, command, version } = await ensureAgent(wanted, { onProgress: (line) => say(`leash: ${line}`) });
    return { title: `claude-code ${version}`, command: [command], environment: agent.environment };
  } catch (error) {
    if (!(error instanceof LeashError) || error.code !== 'LEASH_AGENT_INSTALL') throw error;
    const detail = error.details[0] === undefined ? '' : `: ${error.details[0]}`;
    say(
      `leash: ${wanted} cannot be installed (${error.message}${detail}); the built-in scripted agent takes its place.`,
    );
    return builtIn(project);
  }
}
