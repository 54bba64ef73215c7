// Any text in; how Cedar writes it, as a string or as part of a pattern of `like`, out.
import { UNSEEN } from '../../schema/printable.ts';

/** Cedar has no escapes for U+0008 and U+000C, and what a terminal would act on is better not in a policy as it is. */
const ESCAPED = new RegExp(String.raw`["\\${UNSEEN}]`, 'gu');

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u{${character.codePointAt(0)?.toString(16).padStart(4, '0')}}`;
}

function escaped(text: string): string {
  return text.replace(ESCAPED, escapeCharacter);
}

/** A Cedar string literal. */
export function cedarString(text: string): string {
  return `"${escaped(text)}"`;
}

/** A pattern of `like`: the parts as they are, with anything between them. */
export function cedarPattern(parts: readonly string[]): string {
  return `"${parts.map((part) => escaped(part).replaceAll('*', '\\*')).join('*')}"`;
}

/** UTF-8 has no half of a surrogate pair, and a path with U+FFFD is one whose bytes were not UTF-8: no literal names it. */
export function hasLiteral(text: string): boolean {
  return text.length <= 1_024 && !/[\p{Surrogate}\ufffd\0]/u.test(text);
}
