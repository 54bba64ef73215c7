// A policy text, a place in it and what policies can speak of in; what is said of the word at the place out. Pure.
import type { PolicyWord, PolicyWords } from '../../../../src/schema/api.ts';

export interface WordDoc {
  /** UTF-16 offsets of the word. */
  readonly start: number;
  readonly end: number;
  readonly lines: readonly { readonly name: string; readonly doc: string }[];
}

interface Token {
  readonly text: string;
  readonly start: number;
}

const TOKEN = /\/\/[^\r\n]*|"(?:[^"\\]|\\[\s\S])*"|[A-Za-z_]\w*|\d+|::|==|!=|<=|>=|&&|\|\||\S/g;

const ANNOTATIONS: Readonly<Record<string, string>> = {
  id: 'How the statement is called, in events and messages.',
  reason: 'What the agent and a person are told when the statement decides.',
  ask: 'The statement holds the operation and asks a person this question; theirs is the decision.',
  mode: '`shadow`: the statement decides nothing; events say what it would have decided.',
  expires: 'The last day, in UTC, on which the statement holds: `2026-12-31`.',
  passthrough: 'Connections to this host are not opened by Leash; only the name is judged.',
};

/** Of each doc once, the names that have it. */
function grouped(found: readonly PolicyWord[]): WordDoc['lines'] {
  const names = new Map<string, string[]>();
  for (const { name, doc } of found) if (doc !== '') names.set(doc, [...(names.get(doc) ?? []), name]);
  return [...names].map(([doc, all]) => ({ name: all.slice(0, 3).join(', ') + (all.length > 3 ? ', …' : ''), doc }));
}

function attributesNamed(name: string, by: PolicyWords['attributes'], prefix: string): readonly PolicyWord[] {
  return Object.entries(by).flatMap(([of, words]) =>
    words.filter((word) => word.name === name).map(({ doc }) => ({ name: `${prefix}${of}.${name}`, doc })),
  );
}

/** `context.NAME` of the actions that the statement names; of all, when it names none that has it. */
function contextNamed(name: string, statement: readonly Token[], { context }: PolicyWords): readonly PolicyWord[] {
  const named = new Set(statement.flatMap(({ text }) => (text.startsWith('"') ? [text.slice(1, -1)] : [])));
  const all = Object.entries(context).flatMap(([action, words]) =>
    words.filter((word) => word.name === name).map(({ doc }) => ({ action, name: `context.${name}`, doc })),
  );
  const narrow = all.filter(({ action }) => named.has(action));
  return [...new Map((narrow.length > 0 ? narrow : all).map((word) => [word.doc, word])).values()];
}

function pathAround(tokens: readonly Token[], at: number): string {
  let [first, last] = [at, at];
  const isName = (token: Token | undefined): boolean => /^[A-Za-z_]/.test(token?.text ?? '');
  while (tokens[first - 1]?.text === '::' && isName(tokens[first - 2])) first -= 2;
  while (tokens[last + 1]?.text === '::' && isName(tokens[last + 2])) last += 2;
  return tokens
    .slice(first, last + 1)
    .map(({ text }) => text)
    .join('');
}

function said(tokens: readonly Token[], at: number, words: PolicyWords): readonly PolicyWord[] {
  const { text } = tokens[at] as Token;
  const [before, second] = [tokens[at - 1]?.text, tokens[at - 2]?.text];
  if (text.startsWith('"')) {
    const isAction = before === '::' && second === 'Action';
    return isAction ? words.actions.filter(({ name }) => name === text.slice(1, -1)) : [];
  }
  if (before === '@' && Object.hasOwn(ANNOTATIONS, text)) return [{ name: `@${text}`, doc: ANNOTATIONS[text] ?? '' }];
  if ((before === '.' || before === 'has') && second === 'context') {
    const start = tokens.slice(0, at).findLastIndex((token) => token.text === ';') + 1;
    const length = tokens.slice(at).findIndex((token) => token.text === ';');
    return contextNamed(text, tokens.slice(start, length < 0 ? undefined : at + length), words);
  }
  if (before === '.' || before === 'has')
    return [...attributesNamed(text, words.attributes, ''), ...attributesNamed(text, words.context, '')];
  const path = pathAround(tokens, at);
  return words.entityTypes.filter(({ name }) => name === path);
}

/** undefined: nothing is known of it. @param offset UTF-16 */
export function docAt(text: string, offset: number, words: PolicyWords): WordDoc | undefined {
  const tokens = Array.from(text.matchAll(TOKEN), (match) => ({ text: match[0], start: match.index }));
  const at = tokens.findIndex((token) => token.start <= offset && offset < token.start + token.text.length);
  const token = tokens[at];
  if (token === undefined || !/^["A-Za-z_]/.test(token.text)) return undefined;
  const lines = grouped(said(tokens, at, words));
  return lines.length === 0 ? undefined : { start: token.start, end: token.start + token.text.length, lines };
}
