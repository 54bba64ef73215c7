// A word of a declaration and the agent's variables in; the word as the agent's program would pass it on out.
import type { McpForm } from '../agents/agent.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Seen in claude 2.1.197, gemini 0.61.0, qwen 0.15.10, opencode 1.18.33, in this order; codex 0.169.0 has none. */
const VARIABLES: Readonly<Record<Exclude<McpForm['variables'], 'none'>, RegExp>> = {
  braces: /\$\{(?<name>[^}]+?)(?::-(?<otherwise>[^}]*))?\}/g,
  'dollar or braces': /\$(?:(?<bare>\w+)|\{(?<name>[^}]+?)(?::-(?<otherwise>[^}]*))?\})/g,
  dollar: /\$(?:(?<bare>\w+)|\{(?<name>[^}]+)\})/g,
  env: /\{env:(?<name>[^}]+)\}/g,
};

const BARE = /\$(?<bare>\w+)/g;

/**
 * A variable that is not set leaves what stands there; in opencode nothing.
 * @returns undefined when what is put in has more than `most` letters: a short text can name a long variable often
 */
export function expand(word: string, variables: McpForm['variables'], env: Env, most: number): string | undefined {
  if (variables === 'none') return word;
  let left = most;
  const replacement = (found: string, ...rest: unknown[]): string => {
    const { bare, name = bare ?? '', otherwise } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const value = (Object.hasOwn(env, name) ? env[name] : undefined) ?? otherwise;
    left -= value?.length ?? 0;
    return left < 0 ? '' : (value ?? (variables === 'env' ? '' : found));
  };
  // Behind the last brace none is closed: each that is opened there would be looked for to the end.
  const end = word.lastIndexOf('}') + 1;
  const rest = word.slice(end);
  const expanded =
    word.slice(0, end).replace(VARIABLES[variables], replacement) +
    (variables.startsWith('dollar') ? rest.replace(BARE, replacement) : rest);
  return left < 0 ? undefined : expanded;
}
