// A message of either side enters; what policy is asked about it leaves: whose tool or server, which method, which arguments.
import { memberPlace, placeOf } from '../json/places.ts';
import { isObject, type JsonObject, quoted } from '../json/strict-json.ts';
import type { McpRequest } from '../schema/request.ts';
import { type CallArguments, readArguments } from './call-arguments.ts';
import { misspelled, type Spellings, spellingsOf } from './folded-key.ts';
import {
  ENVELOPE,
  type Fault,
  INVALID_PARAMS,
  isPlainName,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
} from './message.ts';
import { METHODS } from './methods.ts';

export interface Asked {
  readonly request: McpRequest;
  /** Why servers may read other arguments; where a policy looks at arguments, such a message must not pass. */
  readonly doubt: string | undefined;
}

/** Methods whose subject has to be known before the message may be judged. */
const NAMED: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);
const MAX_INPUT_REQUESTS = 64;
/** Of tools and prompts; the specification recommends 128. Addresses may be longer. */
const MAX_NAME = 1_024;
const NO_REQUEST = 'an entry of "inputRequests" is no request';
const INPUTS: Spellings = spellingsOf(['inputRequests']);
/** Of the protocol itself: no policy speaks of them. */
const OUTSIDE: ReadonlySet<string> = new Set(['_meta', 'requestState', 'inputResponses']);

interface Call {
  readonly text: string;
  readonly method: string;
  readonly params: JsonObject;
  /** Where the parameters begin in the text; of no meaning if there are none. */
  readonly at: number;
}

function subjectFault({ method, params }: Call): string | undefined {
  const parameter = METHODS.get(method)?.nameParameter;
  if (parameter === undefined || !NAMED.has(method)) return undefined;
  const subject = params[parameter];
  if (typeof subject !== 'string') return `"${parameter}" is not a string`;
  if (parameter === 'name' && subject.length > MAX_NAME) return `"name" is longer than ${MAX_NAME} characters`;
  return isPlainName(subject) ? undefined : `"${parameter}" is empty, or holds what is no text`;
}

function argumentsOf({ text, method, params, at }: Call): CallArguments | { fault: string } {
  const { arguments: given = {} } = params;
  if (method === 'tools/call') {
    if (!isObject(given)) return { fault: '"arguments" is not an object' };
    return readArguments(text, given, () => {
      const place = memberPlace(placeOf(text, 1, at), 'arguments');
      return placeOf(text, Number.POSITIVE_INFINITY, place?.start);
    });
  }
  const isArgument = (key: string): boolean => !OUTSIDE.has(key);
  const judged = Object.fromEntries(Object.entries(params).filter(([key]) => isArgument(key)));
  return readArguments(text, judged, () => {
    const whole = placeOf(text, Number.POSITIVE_INFINITY, at);
    return { ...whole, members: whole.members?.filter(({ key }) => isArgument(key)) ?? [] };
  });
}

function asked(call: Call, server: string): Asked | { fault: string } {
  const { method, params } = call;
  const fault = subjectFault(call);
  if (fault !== undefined) return { fault };
  const reading = argumentsOf(call);
  if ('fault' in reading) return reading;
  const { args, doubt } = reading;
  const resource: McpRequest['resource'] =
    method === 'tools/call'
      ? { type: 'tool', name: params['name'] as string, server }
      : { type: 'server', name: server };
  return { request: { action: 'McpCall', resource, method, args }, doubt };
}

/**
 * `tools/call` is about the tool, its arguments are `params.arguments`. Every other method is about the server, its arguments are all
 * parameters but those of the protocol: `uri`, `name`, `arguments/language`, `ref/name`, `notifications/resourceSubscriptions/0`.
 *
 * @param server what policies call it, whichever side sends the message.
 */
export function askedOf(message: RequestMessage | NotificationMessage, server: string): Asked | Fault {
  const { text, place, method, params } = message;
  const outcome = asked({ text, method, params, at: memberPlace(place, 'params')?.start ?? 0 }, server);
  if (!('fault' in outcome)) return outcome;
  return { fault: outcome.fault, code: INVALID_PARAMS, ...(message.kind === 'request' && { id: message.id }) };
}

function holderOf(message: ResponseMessage | NotificationMessage): { holder: JsonObject; at: number } | undefined {
  const [holder, key] = message.kind === 'response' ? [message.result, 'result'] : [message.params, 'params'];
  const place = memberPlace(message.place, key);
  return isObject(holder) && place !== undefined ? { holder, at: place.start } : undefined;
}

/**
 * What a server asks of the client within a result or a notification: `inputRequests` of a result that is `input_required` (revision
 * 2026-07-28, Multi Round-Trip Requests) or of a task (SEP-2663), found by its shape.
 *
 * @returns a fault when it asks in a form that clients may read in different ways.
 */
export function inputsAsked(
  message: ResponseMessage | NotificationMessage,
  server: string,
): readonly Asked[] | { fault: string } {
  const found = holderOf(message);
  const wrong = misspelled(Object.keys(found?.holder ?? {}), INPUTS);
  if (wrong !== undefined) return { fault: `the key ${quoted(wrong[0])} may be read as "${wrong[1]}"` };
  const inputs = found?.holder['inputRequests'];
  if (found === undefined || inputs === undefined) return [];
  if (!isObject(inputs)) return { fault: '"inputRequests" is not an object' };
  const { text } = message;
  const members = memberPlace(placeOf(text, 3, found.at), 'inputRequests')?.members ?? [];
  if (members.length > MAX_INPUT_REQUESTS) return { fault: `it asks for more than ${MAX_INPUT_REQUESTS} inputs` };
  const all: Asked[] = [];
  for (const { key, value: place } of members) {
    const input = inputs[key];
    if (!isObject(input) || misspelled(Object.keys(input), ENVELOPE) !== undefined) return { fault: NO_REQUEST };
    const { method, params = {} } = input;
    if (typeof method !== 'string' || !isPlainName(method) || !isObject(params)) return { fault: NO_REQUEST };
    const outcome = asked({ text, method, params, at: memberPlace(place, 'params')?.start ?? 0 }, server);
    if ('fault' in outcome) return outcome;
    all.push(outcome);
  }
  return all;
}
