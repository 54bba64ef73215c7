// A policy text, a place in it and the words there are in; what could be written there out. Pure; broken text has completions, too.
import type { PolicyWord } from '../../schema/api.ts';
import { type Token, tokenize } from '../text/lexer.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'action' | 'type' | 'attribute' | 'keyword' | 'entity' | 'annotation';
  readonly insertText: string;
  readonly doc: string;
  /** UTF-16 offsets of what it replaces. */
  readonly start: number;
  readonly end: number;
}

type Item = Pick<Completion, 'label' | 'kind' | 'insertText' | 'doc'>;

const BEGINNINGS = ['permit', 'forbid'];
const ANNOTATIONS = ['id', 'reason', 'ask', 'mode', 'expires', 'passthrough'];
const VARIABLES = ['principal', 'action', 'resource', 'context'];
const OPERATORS = ['in', 'is', 'has', 'like', 'if', 'then', 'else', 'true', 'false', 'ip', 'datetime'];
const AFTER_SCOPE = ['when', 'unless'];

const words = (names: readonly string[], kind: Item['kind'] = 'keyword'): readonly Item[] =>
  names.map((name) => ({ label: name, kind, insertText: name, doc: '' }));

const documented = (
  list: readonly PolicyWord[],
  kind: Item['kind'],
  insert = (name: string) => name,
): readonly Item[] => list.map(({ name, doc }) => ({ label: name, kind, insertText: insert(name), doc }));

function unique(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [item.label, item])).values()];
}

/** Ids that the text already has for a type: `Host::"api.example"`. */
function idsOf(type: string, tokens: readonly Token[]): readonly Item[] {
  const ids = tokens.flatMap(({ kind, text }, at) => {
    const [path, separator] = [tokens[at - 2]?.text, tokens[at - 1]?.text];
    return kind === 'string' && separator === '::' && path === type ? [text.slice(1, -1)] : [];
  });
  return unique(words(ids, 'entity'));
}

/** The tokens of the statement that the place is in. */
function statementAt(tokens: readonly Token[]): readonly Token[] {
  return tokens.slice(tokens.findLastIndex(({ text }) => text === ';') + 1);
}

function contextWords(statement: readonly Token[], { context }: Vocabulary): readonly Item[] {
  const named = statement.flatMap(({ kind, text }) =>
    kind === 'string' ? (context.get(text.slice(1, -1)) ?? []) : [],
  );
  return unique(documented(named.length > 0 ? named : [...context.values()].flat(), 'attribute'));
}

/** What may follow whole tokens; none of them is space or comment. */
function following(before: readonly Token[], statement: readonly Token[], vocabulary: Vocabulary): readonly Item[] {
  const [last = '', previous = '', third = ''] = before.toReversed().map(({ text }) => text);
  const subject = last === '[' ? third : previous;
  const operator = last === '[' ? previous : last;
  if (statement.length === 0) return words(BEGINNINGS);
  if (last === '@') return words(ANNOTATIONS, 'annotation');
  if (last === '::' && previous === 'Action') return documented(vocabulary.actions, 'action', (name) => `"${name}"`);
  if (last === '::')
    return documented(vocabulary.entityTypes, 'type').filter(({ label }) => label.startsWith(`${previous}::`));
  if (last === '.' && previous === 'context') return contextWords(statement, vocabulary);
  if (last === '.') return unique(documented([...vocabulary.attributes.values()].flat(), 'attribute'));
  const isComparison = operator === '==' || operator === '!=' || operator === 'in';
  if (isComparison && subject === 'action')
    return documented(vocabulary.actions, 'action', (name) => `Action::"${name}"`);
  if (isComparison || last === 'is')
    return documented(vocabulary.entityTypes, 'type', (name) => (last === 'is' ? name : `${name}::""`));
  const isInCondition = statement.some(({ text }) => AFTER_SCOPE.includes(text));
  if (last === ')' && !isInCondition) return words(AFTER_SCOPE);
  if (last === '"' || /^"/.test(last)) return isInCondition ? words(OPERATORS) : words(BEGINNINGS);
  return isInCondition ? [...words(VARIABLES), ...words(OPERATORS)] : words(VARIABLES.slice(0, 3));
}

/** Where the open string before the place begins; undefined when there is none. */
function openString(text: string): number | undefined {
  const stray = tokenize(text).find(({ kind, text: token }) => kind === 'punctuation' && token === '"');
  return stray?.start;
}

function inString(text: string, start: number, all: readonly Token[], vocabulary: Vocabulary): readonly Item[] {
  const before = tokenize(text.slice(0, start)).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const [separator = '', type = ''] = before.toReversed().map((token) => token.text);
  if (separator !== '::') return [];
  return type === 'Action' ? documented(vocabulary.actions, 'action') : idsOf(type, all);
}

/** @param offset UTF-16, within the text. Those that begin with what is written stand there; nothing in a comment. */
export function complete(text: string, offset: number, vocabulary: Vocabulary, most: number): readonly Completion[] {
  const head = text.slice(0, offset);
  const all = tokenize(text);
  const start = openString(head);
  const tokens = tokenize(head);
  if (start === undefined && tokens.at(-1)?.kind === 'comment') return [];
  const partial = start === undefined ? (/[A-Za-z_][A-Za-z0-9_]*$/.exec(head)?.[0] ?? '') : head.slice(start + 1);
  const before = tokenize(head.slice(0, head.length - partial.length)).filter(
    ({ kind }) => kind !== 'space' && kind !== 'comment',
  );
  const items =
    start === undefined ? following(before, statementAt(before), vocabulary) : inString(head, start, all, vocabulary);
  return items
    .filter(({ label, insertText }) =>
      [label, insertText].some((word) => word.toLowerCase().startsWith(partial.toLowerCase())),
    )
    .slice(0, most)
    .map((item) => ({ ...item, start: offset - partial.length, end: offset }));
}
