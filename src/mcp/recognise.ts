// The head and body of a message enter; whether the Model Context Protocol is spoken leaves, whatever host, port, path and content type.
import { Buffer } from 'node:buffer';
import { isObject, type JsonObject, type JsonValue, readStrictJson } from '../json/strict-json.ts';
import { foldedKey } from './folded-key.ts';
import { METHODS } from './methods.ts';

const HEADER = /^(?:mcp-(?:session-id|method|name|param-.*)|mcp-protocol-version)$/i;
/** A name in quotes, each character as itself or as an escape. */
function inAnyEscape(name: string): string {
  return [...name]
    .map((character) => {
      const code = character.charCodeAt(0).toString(16);
      const hex = code.replace(/[a-f]/, (digit) => `[${digit}${digit.toUpperCase()}]`);
      return `(?:${character === '/' ? '\\\\?/' : character}|\\\\u00${hex})`;
    })
    .join('');
}

/** Grouped by what stands before the first slash: text that repeats it costs one comparison, not one for each name. */
function tellingPattern(): RegExp {
  const groups = new Map<string, string[]>();
  for (const [name, { isShared }] of METHODS) {
    if (isShared) continue;
    const slash = name.indexOf('/') + 1;
    const head = name.slice(0, slash);
    groups.set(head, [...(groups.get(head) ?? []), inAnyEscape(name.slice(slash))]);
  }
  return new RegExp(
    `"(?:${[...groups].map(([head, tails]) => `${inAnyEscape(head)}(?:${tails.join('|')})`).join('|')})"`,
  );
}

const TELLING: RegExp = tellingPattern();

/** Requests and responses alike: `Mcp-Session-Id`, `MCP-Protocol-Version`, `Mcp-Method`, `Mcp-Name` and `Mcp-Param-*`. */
export function isMcpHead(fields: readonly { readonly name: string }[]): boolean {
  return fields.some(({ name }) => HEADER.test(name));
}

/**
 * Whether a server that decodes by the charset of `Content-Type` may read MCP in bytes in which `isMcpBody` finds none (UTF-7, EBCDIC).
 *
 * @param contentType the field as sent.
 */
export function namesForeignCharset(contentType: string): boolean {
  const named = [...contentType.matchAll(/charset\*?\s*=\s*["']?([^"';,\s]*)/gi)];
  return named.some(([, charset = '']) => !/^(?:utf-?8|us-ascii|ascii)$/i.test(charset));
}

/** `event: endpoint` is the first event of a stream of the revision 2024-11-05, with the address of the messages as its data. */
export function isEndpointEvent(event: string, data: string): boolean {
  return event === 'endpoint' && data !== '' && !/[\0-\x20]/.test(data);
}

/** A method that nothing else has; or one that LSP and others have, too, with the parameters of MCP. */
function isTelling(method: string, params: JsonValue | undefined): boolean {
  const known = METHODS.get(method);
  if (known?.isShared !== true) return known !== undefined;
  // LSP has no `protocolVersion`, and that of the Agent Client Protocol is a number.
  return method === 'initialize' && isObject(params) && typeof params['protocolVersion'] === 'string';
}

/** Whatever the case of its keys, and with or without `jsonrpc`: some server reads it. */
function isMcpObject(value: JsonObject): boolean {
  const named = (name: string): readonly JsonValue[] =>
    Object.keys(value).flatMap((key) => (foldedKey(key) === name ? [value[key] as JsonValue] : []));
  return named('method').some(
    (method) => typeof method === 'string' && isTelling(method, named('params').find(isObject)),
  );
}

/** Bytes that are not sound JSON: some string among them is the name of a method, in UTF-8 or in two bytes a character. */
function mayMeanMcp(bytes: Buffer): boolean {
  const isWide = bytes.includes(0);
  // In Latin-1 as in UTF-8, the names are ASCII.
  return TELLING.test((isWide ? Buffer.from(bytes.filter((byte) => byte !== 0)) : bytes).toString('latin1'));
}

/**
 * Whether some server may read a request of MCP in these bytes. JSON-RPC of other protocols (LSP, Ethereum) is none; neither is a
 * response, nor `ping` alone: where they go to a known server, that is known already. What is not sound JSON counts as MCP if a method of
 * MCP stands in it anywhere: it is then refused instead of passed on unread.
 */
export function isMcpBody(bytes: Buffer): boolean {
  const reading = readStrictJson(bytes);
  if ('fault' in reading) return mayMeanMcp(bytes);
  const entries: readonly JsonValue[] = Array.isArray(reading.value) ? reading.value : [reading.value];
  return entries.some((entry) => isObject(entry) && isMcpObject(entry));
}

const OF_MESSAGES: ReadonlySet<string> = new Set(['jsonrpc', 'method', 'params', 'result']);

/** Whether no client reads a message in these bytes: sound JSON of another kind, such as `{"error":"invalid_token"}` beside a status 401. */
export function isNoMessage(bytes: Buffer): boolean {
  const reading = readStrictJson(bytes);
  if ('fault' in reading) return false;
  const entries: readonly JsonValue[] = Array.isArray(reading.value) ? reading.value : [reading.value];
  return !entries.some((entry) => isObject(entry) && Object.keys(entry).some((key) => OF_MESSAGES.has(foldedKey(key))));
}

const OPEN_BRACE = 0x7b;

/** Whether a line of stdio may hold a message for a client that looks for its first brace, whatever stands before it. */
export function mayHoldObject(line: Buffer): boolean {
  return line.includes(OPEN_BRACE);
}
