// A statement in; the wildcards of a permit that cover every site under a public suffix, such as `*.com`, out.
import { createRequire } from 'node:module';
import type * as Tldts from 'tldts';
import { parseHostId } from '../evaluate/host-entity.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import type { Token } from '../text/lexer.ts';
import { entityLiteralAt } from '../text/rewrite.ts';
import { bracketStep, type Statement } from '../text/statements.ts';

const require = createRequire(import.meta.url);

/**
 * Domains under which anybody may register a name, those of registries (`com`, `co.uk`) and of services (`github.io`).
 * Source: the Public Suffix List, of the day of the library's release. A name it does not know is nobody's suffix.
 */
function isPublicSuffix(name: string): boolean {
  // Loaded for the few policies that have such a wildcard.
  const { parse } = require('tldts') as typeof Tldts;
  const { publicSuffix, isIcann, isPrivate } = parse(name, { allowPrivateDomains: true });
  return publicSuffix === name && (isIcann === true || isPrivate === true);
}

/** The tokens outside `unless`, which takes away from what is permitted; with their places. */
function* granting(tokens: readonly Token[]): Generator<number> {
  let depth = 0;
  let isUnless = false;
  for (const [at, token] of tokens.entries()) {
    if (depth === 0 && token.kind === 'name') isUnless = token.text === 'unless';
    depth += bracketStep(token);
    if (!isUnless) yield at;
  }
}

function isPermit(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, text }, at) => kind === 'name' && text === 'permit' && tokens[at - 1]?.text !== '@');
}

/** What nobody means who writes it for one organisation's hosts. `Host::"*"` says what it is, and is not noted. */
export function suffixNotes({ tokens }: Statement): readonly Diagnostic[] {
  if (!isPermit(tokens)) return [];
  const notes: Diagnostic[] = [];
  for (const at of granting(tokens)) {
    const literal = tokens[at - 1]?.text === '::' ? undefined : entityLiteralAt(tokens, at);
    const name = literal?.type === 'Host' ? (parseHostId(literal.id)?.name ?? '') : '';
    if (literal === undefined || !name.startsWith('*.') || !isPublicSuffix(name.slice(2))) continue;
    const message = `${literal.text} covers every site under a public suffix: anybody can have one below ${name.slice(2)}`;
    notes.push({ start: tokens[at]?.start ?? 0, length: literal.text.length, message });
  }
  return notes;
}
