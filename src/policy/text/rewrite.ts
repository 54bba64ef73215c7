// Policies written for the reference system: what can be made exact Cedar automatically is, what would change meaning is reported.
import { ACTION_GROUPS } from '../evaluate/actions.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type Token, unescapeString } from './lexer.ts';
import { bracketStep, type Statement } from './statements.ts';

export interface Edit {
  /** UTF-16 offset and length in the source. */
  readonly start: number;
  readonly length: number;
  readonly replacement: string;
  readonly why: string;
}

/** Something that Cedar reads otherwise than its author; `edit` is what the reference system means by it, for the author to agree to. */
export interface ChangedMeaning extends Diagnostic {
  readonly edit?: Edit;
}

export interface Rewritten {
  readonly text: string;
  readonly edits: readonly Edit[];
  readonly faults: readonly ChangedMeaning[];
}

export interface Literal {
  readonly type: string;
  readonly id: string;
  readonly text: string;
  /** Index of the token after the literal. */
  readonly next: number;
}

/** `Type::"id"` or `Name::Space::Type::"id"` that begins at a token. */
export function entityLiteralAt(tokens: readonly Token[], index: number): Literal | undefined {
  const path: string[] = [];
  let at = index;
  while (tokens[at]?.kind === 'name' && tokens[at + 1]?.text === '::') {
    path.push(tokens[at]!.text);
    at += 2;
  }
  const last = tokens[at];
  const id = last?.kind === 'string' ? unescapeString(last.text) : undefined;
  if (last === undefined || id === undefined || path.length === 0) return undefined;
  return { type: path.join('::'), id, text: `${path.join('::')}::${last.text}`, next: at + 1 };
}

function groupEquality(tokens: readonly Token[], at: number): Edit | undefined {
  const operator = tokens[at + 1];
  if (tokens[at]?.text !== 'action' || operator?.text !== '==') return undefined;
  const literal = entityLiteralAt(tokens, at + 2);
  if (literal?.type !== 'Action' || !(ACTION_GROUPS as readonly string[]).includes(literal.id)) return undefined;
  const why = `\`action ==\` became \`action in\`: ${literal.id} is a group of actions, and no request has it as its action`;
  return { start: operator.start, length: operator.text.length, replacement: 'in', why };
}

function mixedSet(tokens: readonly Token[], at: number): Edit | undefined {
  const variable = tokens[at]!;
  if (
    variable.kind !== 'name' ||
    tokens[at - 1]?.text === '.' ||
    tokens[at + 1]?.text !== 'in' ||
    tokens[at + 2]?.text !== '['
  ) {
    return undefined;
  }
  const byType = new Map<string, string[]>();
  let index = at + 3;
  while (tokens[index]?.text !== ']') {
    const literal = entityLiteralAt(tokens, index);
    if (literal === undefined) return undefined;
    const literals = byType.get(literal.type);
    if (literals === undefined) byType.set(literal.type, [literal.text]);
    else literals.push(literal.text);
    index = tokens[literal.next]?.text === ',' ? literal.next + 1 : literal.next;
  }
  if (byType.size < 2) return undefined;
  const parts = [...byType.values()].map((literals) => `${variable.text} in [${literals.join(', ')}]`);
  const why =
    'a set of different entity types became one set per type: Cedar sets have one type; the meaning is the same';
  return {
    start: variable.start,
    length: tokens[index]!.start + 1 - variable.start,
    replacement: `(${parts.join(' || ')})`,
    why,
  };
}

function spanOf(tokens: readonly Token[], from: number, to: number): { start: number; length: number } {
  const [first, last] = [tokens[from]!, tokens[to - 1]!];
  return { start: first.start, length: last.start + last.text.length - first.start };
}

function replace({ start, text }: Token, replacement: string, why: string): Edit {
  return { start, length: text.length, replacement, why };
}

function changedMeaning(tokens: readonly Token[], at: number): ChangedMeaning | undefined {
  const literal = tokens[at + 1]?.text === '==' ? entityLiteralAt(tokens, at + 2) : undefined;
  const [operator, type] = [tokens[at + 1], tokens[at + 2]];
  if (literal === undefined || operator === undefined || type === undefined) return undefined;
  const span = spanOf(tokens, at, literal.next);
  if (tokens[at]?.text === 'resource' && literal.type === 'Dir') {
    const message = `\`resource ==\` means the directory ${literal.id} itself, not what lies in it`;
    return {
      ...span,
      message,
      hint: `write \`resource in ${literal.text}\` for the directory and everything below it`,
      edit: replace(
        operator,
        'in',
        `\`resource ==\` became \`resource in\`: now it means all that lies below ${literal.id}, as the reference meant it; Cedar's \`==\` means the directory alone`,
      ),
    };
  }
  if (tokens[at]?.text === 'resource' && literal.type === 'Host' && literal.id.startsWith('@')) {
    const message = `\`resource ==\` means a host called ${literal.id}, and none is`;
    return { ...span, message, hint: `write \`resource in ${literal.text}\` for the hosts of that group` };
  }
  if (tokens[at]?.text === 'principal' && literal.type === 'User') {
    const message = 'the principal of every request is an Agent, so it never equals a User';
    return {
      ...span,
      message,
      hint: `write \`principal in ${literal.text}\` for every agent of that user, or \`principal == Agent::"claude"\``,
      edit: replace(
        type,
        'Agent',
        `User became Agent: now it applies to the agent ${JSON.stringify(literal.id)} alone; the reference applied it to everyone`,
      ),
    };
  }
  return undefined;
}

/** Applies edits, in the order of the text, to a piece of it that begins at offset `from`. */
export function applyEdits(text: string, edits: readonly Edit[], from = 0): string {
  let edited = '';
  let at = from;
  for (const { start, length, replacement } of edits) {
    edited += text.slice(at - from, start - from) + replacement;
    at = start + length;
  }
  return edited + text.slice(at - from);
}

/** Applies the exact rewrites; the others are faults. Only the head of a statement (outside `{}`) can change meaning. */
export function rewriteStatement(statement: Statement): Rewritten {
  const { tokens } = statement;
  const edits: Edit[] = [];
  const faults: ChangedMeaning[] = [];
  let braces = 0;
  for (const [at, token] of tokens.entries()) {
    if (token.text === '{' || token.text === '}') braces += bracketStep(token);
    const edit = groupEquality(tokens, at) ?? (braces > 0 ? mixedSet(tokens, at) : undefined);
    if (edit !== undefined) edits.push(edit);
    const fault = braces === 0 ? changedMeaning(tokens, at) : undefined;
    if (fault !== undefined) faults.push(fault);
  }
  return { text: applyEdits(statement.text, edits, statement.start), edits, faults };
}

/** Maps a UTF-16 offset in the rewritten text of a statement back to the source. */
export function sourceOffset(statement: Statement, edits: readonly Edit[], offset: number): number {
  let shift = statement.start;
  for (const { start, length, replacement } of edits) {
    if (offset + shift < start) break;
    if (offset + shift < start + replacement.length) return start;
    shift += length - replacement.length;
  }
  return offset + shift;
}
