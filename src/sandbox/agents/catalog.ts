// The agents Leash can install and drive, by name.
import type { Agent } from './agent.ts';
import { CLAUDE } from './claude.ts';
import { CODEX } from './codex.ts';
import { GEMINI } from './gemini.ts';
import { OPENCODE } from './opencode.ts';
import { QWEN } from './qwen.ts';

const AGENTS: readonly Agent[] = [CLAUDE, CODEX, GEMINI, QWEN, OPENCODE];

/** The agent of that name, if Leash knows it. */
export function findAgent(name: string): Agent | undefined {
  return AGENTS.find((agent) => agent.name === name);
}

export function agentNames(): readonly string[] {
  return AGENTS.map(({ name }) => name);
}
