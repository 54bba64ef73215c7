// The path of a request as sent enters, its one canonical spelling leaves, and what in it servers read in more than one way.
import { Buffer, isUtf8 } from 'node:buffer';

/** What a path may hold unescaped (RFC 3986, section 3.3), apart from the semicolon, which parts segments for some servers. */
const PLAIN = /[A-Za-z0-9\-._~!$&'()*+,=:@]/;
const CANONICAL = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * RFC 3986, section 6.2.2: escapes of characters that need none decoded, other escapes in upper case, and what needs an escape escaped.
 * Upper and lower case differ, as for most servers. Servers compare decoded paths, so `%40` and `@` are one, though the RFC keeps them apart.
 * @param path of origin form, without the query: visible ASCII. What is no escape is left as it is.
 */
export function canonicalPath(path: string): string {
  if (CANONICAL.test(path)) return path;
  return path.replace(/%([\da-f]{2})|[^%]/gi, (text, digits: string | undefined) => {
    if (digits === undefined) return CANONICAL.test(text) ? text : escaped(text);
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return PLAIN.test(character) ? character : text.toUpperCase();
  });
}

const SUSPECT = /\/\/|[;%]/;

/** Each is read in two ways by some pair of servers. Those that concern dot segments are refused for every host (target.ts). */
const AMBIGUOUS: readonly (readonly [RegExp, string])[] = [
  [/\/\//, 'an empty segment ("//")'],
  [/;|%3B/, 'a semicolon, where some servers end the path'],
  [/%2F/, 'an escaped slash ("%2F")'],
  [/%5C/, 'a backslash'],
  [/%(?:[01]|7F)/, 'an escaped control character'],
  [/%25(?:[\da-fA-F]{2}|u)/, 'an escape of an escape ("%25…")'],
  [/%(?![\dA-F]{2})/, 'a "%" that begins no escape'],
];

function bytesOf(path: string): Buffer {
  const text = path.replace(/%([\dA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(text, 'latin1');
}

/** What in a canonical path keeps it from meaning the same to every server, in words; undefined when nothing does. */
export function pathAmbiguity(path: string): string | undefined {
  if (!SUSPECT.test(path)) return undefined;
  const found = AMBIGUOUS.find(([pattern]) => pattern.test(path))?.[1];
  if (found !== undefined) return found;
  // Overlong forms too (RFC 3629, section 3).
  return isUtf8(bytesOf(path)) ? undefined : 'escapes that are not UTF-8';
}
