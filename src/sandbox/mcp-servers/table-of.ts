// The text of a configuration in; its table of MCP servers out, as the agent that is told by it would read it.
import type { McpForm } from '../agents/agent.ts';

export type Table = Readonly<Record<string, unknown>>;

/** A string, whole or not; a comment. */
const STRING_OR_COMMENT = /"(?:[^"\\]|\\.)*"?|\/\/[^\r\n]*|\/\*.*?(?:\*\/|$)/gs;
const STRING_OR_LAST_COMMA = /"(?:[^"\\]|\\.)*"?|,(?=\s*[}\]])/gs;

const unlessString = (found: string): string => (found.startsWith('"') ? found : ' ');

/** JSON with comments and commas behind the last value becomes JSON; whatever else is wrong with it stays wrong. */
export function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, unlessString).replace(STRING_OR_LAST_COMMA, unlessString);
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Not `readStrictJson`: what that refuses agents read, of two equal keys the last, and a workspace could hide its servers with two.
 * JSON.parse is how they read; it needs no stack for depth, and makes of `__proto__` a key like any other.
 * @throws whatever the readers throw
 */
export async function parse(text: string, syntax: McpForm['syntax']): Promise<unknown> {
  if (syntax === 'toml') return (await import('smol-toml')).parse(text);
  const json = syntax === 'json' ? text : withoutComments(text);
  return json.trim() === '' ? {} : (JSON.parse(json) as unknown);
}

/** @param workspaces paths that the workspace has */
export function tableAt(value: unknown, way: McpForm['way'], workspaces: readonly string[]): Table {
  let table = isTable(value) ? value : {};
  for (const step of way) {
    const names = step === '@workspace' ? workspaces : [step];
    const next = names.map((name) => table[name]).find(isTable);
    if (next === undefined) return {};
    table = next;
  }
  return table;
}
