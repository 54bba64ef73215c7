// Head and whole body of a request enter; the MCP messages in it leave, or that there are none, or why it must not pass.
import type { Buffer } from 'node:buffer';
import { mayBeContainer } from '../../json/strict-json.ts';
import { faultText, mismatchText } from '../../mcp/denial.ts';
import { type HeaderField, headerMismatch, type ParameterHeaders } from '../../mcp/headers.ts';
import { isFault, type Messages, readMessages } from '../../mcp/message.ts';
import { isMcpBody, isMcpHead, namesForeignCharset } from '../../mcp/recognise.ts';
import { hasBatches } from '../../mcp/revision.ts';
import { contentCodings, decodeContent } from '../http/content-coding.ts';
import type { Field } from '../http/head.ts';
import { mayBeJson } from '../model/read-body.ts';

/** Of a body, encoded and decoded: 32 MiB. */
export const MAX_MESSAGE = 33_554_432;

export interface Unreadable {
  readonly status: number;
  readonly fault: string;
  /** The answer of JSON-RPC, where it is MCP beyond doubt. */
  readonly text?: string;
}

/** `messages` is undefined when MCP is not spoken. */
export type McpReading = { readonly messages: Messages | undefined } | Unreadable;

/** Supersets of ASCII, in which a text that is no MCP in ASCII is none either. */
const LIKE_ASCII =
  /^(?:iso-?8859-\d+|latin-?\d+|windows-12\d\d|cp12\d\d|koi8-[ru]|gbk|gb2312|gb18030|big5|shift_jis|euc-(?:jp|kr))$/i;

function foreignCharset(fields: readonly Field[]): 'no' | 'like ASCII' | 'yes' {
  const types = fields.filter(({ name }) => name === 'content-type').map(({ value }) => value);
  if (!types.some(namesForeignCharset)) return 'no';
  const named = types.flatMap((type) => [...type.matchAll(/charset\*?\s*=\s*["']?([^"';,\s]*)/gi)]);
  return named.every(([, charset = '']) => LIKE_ASCII.test(charset) || !namesForeignCharset(`charset=${charset}`))
    ? 'like ASCII'
    : 'yes';
}

/** Whether a body that begins so must be seen whole. That of a hostile client is no proof that it is no message. */
export function mayBeMcp(fields: readonly Field[], start: Buffer): boolean {
  return foreignCharset(fields) === 'yes' || mayBeJson(fields, start, mayBeContainer);
}

function header(fields: readonly Field[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value;
}

export interface Known {
  /** MCP was spoken at this place before. */
  readonly isPlace: boolean;
  /** Where the definition of a tool was seen. */
  parameters(tool: string): ParameterHeaders | undefined;
}

/** @param body undefined: it was longer than 32 MiB, or too many are read at a time. */
export function readRequest(fields: readonly Field[], body: Buffer | undefined, known: Known): McpReading {
  if (body === undefined) return { status: 413, fault: 'it is longer than 32 MiB, or too many are read at a time' };
  const decoded = decodeContent(body, contentCodings(fields), MAX_MESSAGE);
  if ('fault' in decoded) return { status: 403, fault: decoded.fault };
  const { content } = decoded;
  const charset = foreignCharset(fields);
  const isMcp = known.isPlace || isMcpHead(fields) || isMcpBody(content);
  if (charset === 'yes' || (isMcp && charset !== 'no'))
    return { status: 403, fault: 'its charset is neither UTF-8 nor ASCII' };
  return isMcp && content.length > 0 ? messagesIn(fields, content, known) : { messages: undefined };
}

function messagesIn(fields: readonly Field[], content: Buffer, known: Known): McpReading {
  const messages = readMessages(content, { mayBeBatch: hasBatches(header(fields, 'mcp-protocol-version')) });
  if (isFault(messages)) return { status: 400, fault: messages.fault, text: faultText(messages) };
  const [first] = messages.entries;
  const tool = first !== undefined && first.kind !== 'response' ? first.params['name'] : undefined;
  const parameters = typeof tool === 'string' ? known.parameters(tool) : undefined;
  const mismatch = headerMismatch(fields as readonly HeaderField[], messages, parameters);
  if (mismatch === undefined) return { messages };
  return { status: 400, fault: mismatch, text: mismatchText(messages.isBatch ? undefined : first, mismatch) };
}
