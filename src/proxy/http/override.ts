// A message enters; the method or path that a server behind may take in place of the one in the request line leaves.
import type { RequestMessage } from '../exchange/passage.ts';

const METHOD_FIELDS: ReadonlySet<string> = new Set(['x-http-method-override', 'x-http-method', 'x-method-override']);
/** As IIS, Symfony and others once read them. */
const PATH_FIELDS: ReadonlySet<string> = new Set(['x-original-url', 'x-rewrite-url']);

const PERHAPS = /_method|%/i;

/** CGI gives `-` and `_` the same name in the environment (RFC 3875, section 4.1.18). */
function isNamed(names: ReadonlySet<string>, name: string): boolean {
  return name.startsWith('x') && names.has(name.includes('_') ? name.replaceAll('_', '-') : name);
}

function decoded(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Names and values of a query, decoded; servers part them at `&`, some at `;`. */
export function queryParameters(query: string): readonly (readonly [name: string, value: string])[] {
  if (query === '') return [];
  return query.split(/[&;]/).map((part) => {
    const equals = part.indexOf('=');
    return equals < 0 ? [decoded(part), ''] : [decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))];
  });
}

/** What names another method than the request's: `the header X`; undefined when nothing does. */
export function methodOverride({ method, fields }: RequestMessage, query: string): string | undefined {
  const differs = (value: string): boolean => value.trim().toUpperCase() !== method.toUpperCase();
  const field = fields.find(({ name, value }) => isNamed(METHOD_FIELDS, name) && differs(value));
  if (field !== undefined) return `the header ${field.name}`;
  // Most queries hold neither the word nor an escape.
  if (!PERHAPS.test(query)) return undefined;
  const names = (name: string): boolean => name.trim().toLowerCase() === '_method';
  const parameter = queryParameters(query).find(([name, value]) => names(name) && differs(value));
  return parameter === undefined ? undefined : 'the parameter _method of the query';
}

/** The header that names another path; undefined when none does. */
export function pathOverride({ path, fields }: RequestMessage): string | undefined {
  const field = fields.find(({ name, value }) => isNamed(PATH_FIELDS, name) && value !== path);
  return field === undefined ? undefined : `the header ${field.name}`;
}
