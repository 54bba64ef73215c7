// An agent, a project and a model in; a `leash` process with the agent's output line by line, and how it ended, out.
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PACKAGE_ROOT } from '../../host/paths.ts';
import type { DemoAgent } from './agent-choice.ts';
import { MODEL_HOST } from './model.ts';
import type { Project } from './project.ts';

export const DEMO_POLICY: string = path.join(PACKAGE_ROOT, 'policies/demo.cedar');

const PROMPT = 'The test of this project fails. Find out why, repair it, and leave a note.';

/** Not a key: the scripted model accepts any. Occurs in nothing else, since Leash strikes values of keys out of its records. */
const PLACEHOLDER_KEY = 'sk-scripted-model-accepts-any';

export interface Ending {
  /** Process id of the `leash` process, by which its session is found. */
  readonly pid: number;
  /** Exit status, or 128 and the number of the signal for one that was killed. Source: bash(1), "EXIT STATUS". */
  readonly status: number;
}

/** The words after `leash`. */
export function leashArguments(agent: DemoAgent, project: Project, port: number): readonly string[] {
  const environment = { ...agent.environment, ANTHROPIC_API_KEY: PLACEHOLDER_KEY };
  return [
    ...['--quiet', '--policy', DEMO_POLICY, '--workspace', project.workspace],
    ...['--resolve', `${MODEL_HOST}:443:127.0.0.1:${port}`, '--ca', project.caFile],
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...['--', ...agent.command, '-p', PROMPT, '--mcp-config', project.mcpConfig, '--strict-mcp-config'],
    ...['--dangerously-skip-permissions', '--output-format', 'stream-json', '--verbose'],
  ];
}

/** The caller's environment without what would point the agent at another model or account. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(ANTHROPIC|CLAUDE)_/.test(name)));
}

/** Ctrl-C reaches the child by the terminal and ends it; this process goes on to report and clean up. */
function passSignalsOn(child: ChildProcess): () => void {
  const ignore = (): void => {};
  const terminate = (): void => {
    child.kill('SIGTERM');
  };
  process.on('SIGINT', ignore);
  process.on('SIGTERM', terminate);
  return () => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', terminate);
  };
}

/** Runs `leash` with these arguments; calls `onLine` for each line of the agent's standard output. */
export async function runLeash(args: readonly string[], onLine: (line: string) => void): Promise<Ending> {
  const main = path.join(PACKAGE_ROOT, 'dist/run/main.js');
  const child = spawn(process.execPath, ['--', main, ...args], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stopPassing = passSignalsOn(child);
  createInterface({ input: child.stdout }).on('line', onLine);
  try {
    return await new Promise<Ending>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        const signalNumber = signal === null ? 0 : process.getBuiltinModule('node:os').constants.signals[signal];
        resolve({ pid: child.pid ?? 0, status: code ?? 128 + signalNumber });
      });
    });
  } finally {
    stopPassing();
  }
}
