// The annotations of a statement: what they set, what is wrong with them, what looks misspelt.

import { closest } from '../../schema/suggestion.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import { type Token, unescapeString } from '../text/lexer.ts';
import type { Statement } from '../text/statements.ts';

export interface Annotations {
  readonly id?: string;
  readonly reason?: string;
  /** The question to a person. */
  readonly ask?: string;
  readonly shadow: boolean;
  /** TLS on connections that the permit allows is relayed unopened. */
  readonly passthrough?: true;
  /** `YYYY-MM-DD`: the last day (UTC) the policy is in force. */
  readonly expires?: string;
  readonly faults: readonly Diagnostic[];
  readonly notes: readonly Diagnostic[];
}

const KNOWN = ['id', 'reason', 'mode', 'expires', 'ask', 'passthrough'] as const;
/** Cedar lets anyone annotate with anything; these are read by no one here but are common. */
const IGNORED = ['owner', 'doc', 'description', 'name', 'see', 'severity'] as const;

/** Of an `@ask` without text. */
const DEFAULT_QUESTION = 'May the agent do this?';
/** Far more than a person writes; one more is a fault, so that none is overlooked. */
const MAX_ANNOTATIONS = 64;

interface Annotation {
  readonly name: string;
  readonly token: Token;
  /** Undefined without parentheses. */
  readonly value: string | undefined;
}

function readAnnotations(tokens: readonly Token[]): readonly Annotation[] {
  const annotations: Annotation[] = [];
  let at = 0;
  while (tokens[at]?.text === '@' && tokens[at + 1] !== undefined && annotations.length <= MAX_ANNOTATIONS) {
    const token = tokens[at + 1]!;
    const hasValue = tokens[at + 2]?.text === '(' && tokens[at + 3]?.kind === 'string';
    annotations.push({ name: token.text, token, value: hasValue ? unescapeString(tokens[at + 3]!.text) : undefined });
    at += hasValue ? 5 : 2;
  }
  return annotations;
}

function mark(token: Token, message: string, hint?: string): Diagnostic {
  return { start: token.start, length: token.text.length, message, ...(hint === undefined ? {} : { hint }) };
}

/** A calendar day that exists. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function faultOf({ name, token, value }: Annotation): Diagnostic | undefined {
  switch (name) {
    case 'id':
      return value ? undefined : mark(token, '@id needs a name', 'write `@id("no-ssh-keys")`');
    case 'reason':
      return value ? undefined : mark(token, '@reason needs a text', 'write `@reason("keys stay private")`');
    case 'mode':
      return value === 'shadow' || value === 'enforce'
        ? undefined
        : mark(
            token,
            `unknown mode ${JSON.stringify(value ?? '')}`,
            'the modes are "enforce" (the default) and "shadow"',
          );
    case 'expires':
      return value !== undefined && isDay(value)
        ? undefined
        : mark(token, '@expires needs a day', 'write `@expires("2027-01-31")`');
    case 'passthrough':
      return value === undefined
        ? undefined
        : mark(token, '@passthrough takes no text', 'write `@passthrough`, and what it is for in `@reason("…")`');
    default:
      return undefined;
  }
}

function tooMany(annotations: readonly Annotation[]): readonly Diagnostic[] {
  const surplus = annotations[MAX_ANNOTATIONS];
  return surplus === undefined ? [] : [mark(surplus.token, `a policy holds at most ${MAX_ANNOTATIONS} annotations`)];
}

function misspelling({ name, token }: Annotation): Diagnostic | undefined {
  if (([...KNOWN, ...IGNORED] as readonly string[]).includes(name)) return undefined;
  const meant = closest(name, KNOWN);
  return meant === undefined ? undefined : mark(token, `@${name} has no meaning here; did you mean @${meant}?`);
}

/** Every annotation by name; undefined for one without a value. The first of a name counts. */
export function annotationValues(statement: Statement): ReadonlyMap<string, string | undefined> {
  return new Map(
    readAnnotations(statement.tokens)
      .map(({ name, value }) => [name, value] as const)
      .reverse(),
  );
}

/** Duplicate names are left to the Cedar parser, which refuses them. */
export function annotationsOf(statement: Statement): Annotations {
  const annotations = readAnnotations(statement.tokens);
  const value = (name: string): string | undefined => annotations.find((annotation) => annotation.name === name)?.value;
  const [id, reason, expires] = [value('id'), value('reason'), value('expires')];
  const asks = annotations.some(({ name }) => name === 'ask');
  return {
    ...(id ? { id } : {}),
    ...(reason ? { reason } : {}),
    ...(asks ? { ask: value('ask') || DEFAULT_QUESTION } : {}),
    ...(expires ? { expires } : {}),
    shadow: value('mode') === 'shadow',
    ...(annotations.some(({ name }) => name === 'passthrough') && { passthrough: true }),
    faults: [...tooMany(annotations), ...annotations.flatMap((annotation) => faultOf(annotation) ?? [])],
    notes: annotations.flatMap((annotation) => misspelling(annotation) ?? []),
  };
}
