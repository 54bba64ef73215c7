// The bytes of one HTTP body, event or line enter; the JSON-RPC messages in them leave, or why no two readers need agree on them.
import type { Buffer } from 'node:buffer';
import { memberPlace, type Place, placeOf, textAt } from '../json/places.ts';
import { isObject, type JsonObject, type JsonValue, quoted, readStrictJson } from '../json/strict-json.ts';
import { foldedKey, misspelled, type Spellings, spellingsOf } from './folded-key.ts';
import { METHODS } from './methods.ts';

interface Stands {
  /** The text it stands in: of the whole batch, if it is part of one. */
  readonly text: string;
  /** Where it stands; only its own members are opened. */
  readonly place: Place;
}

export interface RequestMessage extends Stands {
  readonly kind: 'request';
  /** To the letter: `1`, `1.0`, `"a\u0062"`. */
  readonly id: string;
  readonly method: string;
  readonly params: JsonObject;
}

export interface NotificationMessage extends Stands {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject;
}

export interface ResponseMessage extends Stands {
  readonly kind: 'response';
  /** To the letter; undefined of an error about a message that the sender could not read. */
  readonly id: string | undefined;
  /** Undefined of an error. */
  readonly result: JsonValue | undefined;
  /** Undefined of a result. */
  readonly error: JsonObject | undefined;
}

export type Message = RequestMessage | NotificationMessage | ResponseMessage;

export interface Messages {
  readonly text: string;
  readonly isBatch: boolean;
  /** One at least; exactly one if it is no batch. */
  readonly entries: readonly Message[];
}

export interface Framing {
  /** Whether the revision in use has batches. */
  readonly mayBeBatch: boolean;
  /** It is one line, or may become one (gateways). Python takes a lone CR for the end of one, and would read another message behind it. */
  readonly isLine?: boolean;
}

export interface Fault {
  /** What is wrong, for a person. */
  readonly fault: string;
  /** The code of JSON-RPC 2.0 for it, section 5.1. */
  readonly code: typeof PARSE_ERROR | typeof INVALID_REQUEST | typeof INVALID_PARAMS;
  /** Of the request, where it is certain: the fault is its answer. */
  readonly id?: string;
}

export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;
export const INVALID_PARAMS = -32_602;

const CR = 0x0d;
const LF = 0x0a;
const MAX_BATCH = 64;
const MAX_ID = 1_024;
const MAX_METHOD = 256;

export const ENVELOPE: Spellings = spellingsOf(['jsonrpc', 'method', 'params', 'id', 'result', 'error']);
/** Every parameter with a meaning in some revision, so that none is judged under one spelling and obeyed under another. */
const PARAMETERS: Spellings = spellingsOf(
  `name arguments uri ref argument context cursor level task taskId requestId reason progressToken progress protocolVersion capabilities
  clientInfo notifications inputRequests inputResponses requestState messages tools mode message url _meta`.split(
    /\s+/,
  ),
);

const METHOD_NAMES: Spellings = spellingsOf([...METHODS.keys()]);

/** Control characters end names early in some languages; half a surrogate pair is no text in others. */
export function isPlainName(text: string): boolean {
  if (/^[\x20-\x7e]+$/.test(text)) return true;
  return text !== '' && !/[\0-\x1f\x7f]/.test(text) && !/\p{Surrogate}/u.test(text);
}

function invalid(fault: string, id?: string): Fault {
  return { fault, code: INVALID_REQUEST, ...(id !== undefined && { id }) };
}

export function isFault(outcome: object): outcome is Fault {
  return 'fault' in outcome;
}

function isId(value: JsonValue | undefined, literal: string): boolean {
  return (typeof value === 'string' || typeof value === 'number') && literal.length <= MAX_ID;
}

function called(value: JsonObject, stands: Stands, id: string | undefined): Message | Fault {
  const { method, params } = value;
  if (typeof method !== 'string') return invalid('"method" is not a string', id);
  if (!isPlainName(method) || method.length > MAX_METHOD) return invalid('"method" is no plain name', id);
  const meant = METHOD_NAMES.get(foldedKey(method.trim()));
  if (meant !== undefined && meant !== method)
    return invalid(`the method ${quoted(method)} may be read as "${meant}"`, id);
  if ('result' in value || 'error' in value) return invalid('it is a request and a response at once', id);
  if (params !== undefined && params !== null && !isObject(params)) return invalid('"params" is not an object', id);
  const wrong = misspelled(Object.keys(params ?? {}), PARAMETERS);
  if (wrong !== undefined)
    return { ...invalid(`the parameter ${quoted(wrong[0])} may be read as "${wrong[1]}"`, id), code: INVALID_PARAMS };
  const { text, place } = stands;
  const given = params ?? {};
  if (id === undefined) return { kind: 'notification', text, place, method, params: given };
  return { kind: 'request', text, place, id, method, params: given };
}

function answered(value: JsonObject, stands: Stands, id: string | undefined): Message | Fault {
  const { result, error } = value;
  if ('params' in value) return invalid('it has "params" and no "method"');
  if (result !== undefined && error !== undefined) return invalid('it has a result and an error');
  if (result !== undefined) {
    if (id === undefined) return invalid('it has a result and no "id"');
    return { kind: 'response', ...stands, id, result, error: undefined };
  }
  if (!isObject(error)) return invalid('"error" is not an object');
  return { kind: 'response', ...stands, id, result: undefined, error };
}

function messageAt(value: JsonValue, text: string, place: Place): Message | Fault {
  if (!isObject(value)) return invalid('it is not an object');
  const wrong = misspelled(Object.keys(value), ENVELOPE);
  if (wrong !== undefined) return invalid(`the key ${quoted(wrong[0])} may be read as "${wrong[1]}"`);
  const idPlace = memberPlace(place, 'id');
  const literal = idPlace === undefined ? undefined : textAt(text, idPlace);
  const id = literal !== undefined && isId(value['id'], literal) ? literal : undefined;
  if (value['jsonrpc'] !== '2.0') return invalid('"jsonrpc" is not "2.0"', 'method' in value ? id : undefined);
  // Only an error may have the id null: it is about something that was not understood (JSON-RPC 2.0, section 5).
  const isUnclaimed = value['id'] === null && 'error' in value && !('method' in value);
  if (literal !== undefined && id === undefined && !isUnclaimed)
    return invalid(`"id" is not a string or number of at most ${MAX_ID} characters`);
  if ('method' in value) return called(value, { text, place }, id);
  if ('result' in value || 'error' in value) return answered(value, { text, place }, id);
  return invalid('it has neither "method" nor "result" nor "error"');
}

/**
 * One message, or a batch of at most 64 (JSON-RPC 2.0, section 6; of MCP only the revision 2025-03-26 has batches, and later servers may
 * take the first entry or none). Beyond `readStrictJson` it refuses whatever has two readings: a key that differs from one of the protocol
 * only in case, no `jsonrpc`, an id that is no string or number, and a message that is two kinds at once.
 */
export function readMessages(bytes: Buffer, { mayBeBatch, isLine = false }: Framing): Messages | Fault {
  if (isLine && (bytes.includes(CR) || bytes.includes(LF)))
    return { fault: 'the end of a line stands within the message', code: PARSE_ERROR };
  const reading = readStrictJson(bytes);
  if ('fault' in reading) return { fault: reading.fault, code: PARSE_ERROR };
  const { text, value } = reading;
  if (!Array.isArray(value)) {
    const message = messageAt(value, text, placeOf(text, 1));
    return isFault(message) ? message : { text, isBatch: false, entries: [message] };
  }
  if (!mayBeBatch) return invalid('it is a batch, which this revision of MCP does not have');
  if (value.length === 0) return invalid('it is an empty batch');
  if (value.length > MAX_BATCH) return invalid(`it is a batch of more than ${MAX_BATCH} messages`);
  const entries: Message[] = [];
  for (const [index, place] of (placeOf(text, 2).items ?? []).entries()) {
    const message = messageAt((value as readonly JsonValue[])[index] as JsonValue, text, place);
    // The id of one entry is no answer to the others.
    if (isFault(message)) return invalid(`entry ${index + 1} of the batch: ${message.fault}`);
    entries.push(message);
  }
  return { text, isBatch: true, entries };
}
