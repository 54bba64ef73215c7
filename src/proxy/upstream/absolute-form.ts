// The head of a plain request enters, the head that a forward proxy takes for the same leaves (RFC 9112, section 3.2.2).
import { authorityOf } from './connect-through.ts';
import type { ParentProxy } from './parent-proxies.ts';

const REQUEST_LINE = /^(\S+) (\S+) (\S+)\r\n/;

/** @param head in origin form, or with `*`; written by Leash */
export function absoluteForm(
  head: string,
  { name, port }: { readonly name: string; readonly port: number },
  { authorization }: ParentProxy,
): string {
  const authority = authorityOf(name, port).replace(/:80$/, '');
  const credentials = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  // A function: `$` in a path would mean something in a replacement text.
  return head.replace(
    REQUEST_LINE,
    (_line, method: string, target: string, version: string) =>
      `${method} http://${authority}${target === '*' ? '' : target} ${version}\r\n${credentials}`,
  );
}
