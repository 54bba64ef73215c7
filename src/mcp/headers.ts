// The header fields and the message of one request enter; where a server that goes by the one obeys another than one that goes by the other, leaves.
import { Buffer, isUtf8 } from 'node:buffer';
import { numberText } from '../json/number-text.ts';
import { isObject, type JsonObject, type JsonValue, quoted } from '../json/strict-json.ts';
import type { Messages } from './message.ts';
import { METHODS } from './methods.ts';

export interface HeaderField {
  readonly name: string;
  /** Without white space around it. */
  readonly value: string;
}

/** The revision's own code for it; the HTTP status is 400. */
export const HEADER_MISMATCH = -32_020;

const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
const PARAM = 'mcp-param-';
const TOKEN = /^[!#$%&'*+\-.^_`|~\da-z]+$/i;
const MAX_DEPTH = 64;

/** The properties of a tool that headers repeat: the path of each by its header's lower-case name, without `mcp-param-`. */
export type ParameterHeaders = ReadonlyMap<string, readonly string[]>;

/** @returns undefined when it is not what a client must have encoded: the value then has two readings. */
function decoded(value: string): string | undefined {
  if (!/^[\t\x20-\x7e]*$/.test(value)) return undefined;
  const coded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (coded === undefined) return value;
  const bytes = Buffer.from(coded, 'base64');
  // Decoders differ in what else they take: white space, no padding, the alphabet of URLs.
  return bytes.toString('base64') === coded && isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

function isSame(header: string, value: JsonValue | undefined): boolean {
  if (typeof value === 'string') return header === value;
  if (typeof value === 'boolean') return header === String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && numberText(header).text === String(value);
}

function valueAt(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let inner = value;
  for (const key of path) inner = isObject(inner) ? inner[key] : undefined;
  return inner;
}

/** Annotations that stand where `x-mcp-header` has a meaning: reached by `properties` alone (Streamable HTTP, Schema Extension). */
export function parameterHeaders(tool: JsonObject): ParameterHeaders {
  const found = new Map<string, readonly string[]>();
  const look = (schema: JsonValue | undefined, path: readonly string[]): void => {
    const properties = isObject(schema) ? schema['properties'] : undefined;
    if (!isObject(properties) || path.length > MAX_DEPTH) return;
    for (const [key, property] of Object.entries(properties)) {
      const inner = [...path, key];
      const name = isObject(property) ? property['x-mcp-header'] : undefined;
      if (typeof name === 'string' && TOKEN.test(name)) found.set(name.toLowerCase(), inner);
      look(property, inner);
    }
  };
  look(tool['inputSchema'], []);
  return found;
}

/**
 * Which header contradicts the body (revision 2026-07-28, Streamable HTTP, Server Validation; of tasks SEP-2663). A header that is absent
 * contradicts nothing: the body is what is judged.
 *
 * @param parameters of the tool that is called, where its definition was seen; other `Mcp-Param-*` are the server's affair.
 * @returns the reason for a person, without the values.
 */
export function headerMismatch(
  fields: readonly HeaderField[],
  messages: Messages,
  parameters: ParameterHeaders = new Map(),
): string | undefined {
  const mirrored = fields
    .map(({ name, value }) => ({ name: name.toLowerCase(), value }))
    .filter(({ name }) => /^mcp-(?:method$|name$|protocol-version$|param-)/.test(name));
  const twice = mirrored.find(({ name }, index) => mirrored.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) return `the header ${quoted(twice.name)} stands twice`;
  for (const { name, value } of mirrored) {
    const fault = fieldFault(name, value, messages, parameters);
    if (fault !== undefined) return `the header ${quoted(name)} ${fault}`;
  }
  return undefined;
}

function fieldFault(
  name: string,
  value: string,
  { isBatch, entries }: Messages,
  parameters: ParameterHeaders,
): string | undefined {
  const [message] = entries;
  if (name === 'mcp-protocol-version') {
    const versions = entries.map((entry) =>
      entry.kind === 'response' ? undefined : valueAt(entry.params, ['_meta', VERSION_KEY]),
    );
    return versions.every((version) => version === undefined || version === value)
      ? undefined
      : 'names another version than the body';
  }
  if (isBatch || message === undefined || message.kind === 'response') return 'stands beside what is no single request';
  const { method, params } = message;
  if (name === 'mcp-method') return value === method ? undefined : 'names another method than the body';
  const text = decoded(value);
  if (text === undefined) return 'is not encoded as it must be';
  if (name === 'mcp-name')
    return isSame(text, params[METHODS.get(method)?.nameParameter ?? 'name'])
      ? undefined
      : 'names another than the body';
  const path = method === 'tools/call' ? parameters.get(name.slice(PARAM.length)) : undefined;
  if (path === undefined || isSame(text, valueAt(params['arguments'], path))) return undefined;
  return 'has another value than the argument';
}
