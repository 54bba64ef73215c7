// What a server sends enters: a JSON body, the data of an event, or a line; what the client gets of it leaves, and what goes back to the server.
import { Buffer } from 'node:buffer';
import { cutsOf, type Edit, withEdits } from '../json/edits.ts';
import { type Denial, denialText } from './denial.ts';
import { type Keeps, listEdits } from './lists.ts';
import { type Asked, askedOf, inputsAsked } from './mcp-request.ts';
import { type Framing, isFault, type Message, type ResponseMessage, readMessages } from './message.ts';

export interface ReceivedJudge {
  /** What policies call the server. */
  readonly server: string;
  readonly framing: Framing;
  /** A request or notification of the server, or an input that it asks for in a result. @returns undefined when it may reach the client. */
  asks(asked: Asked, message: Message): Denial | undefined;
  /** Whether the client sees this entry of a list. */
  readonly keeps: Keeps;
  /** A response passes by, as the server sent it. */
  answers(message: ResponseMessage): void;
  /** To be sent to the server in place of the client's answer to a request. */
  reply(text: string): void;
  /** What goes on in place of bytes that clients may read in different ways; undefined: nothing. */
  unreadable(bytes: Buffer, fault: string): Buffer | undefined;
}

/** @returns the same buffer: it passes as it came; undefined: nothing passes. */
export type Rewrite = (bytes: Buffer) => Buffer | undefined;

/** Edits of its text; undefined: it does not go on. */
type Outcome = readonly Edit[] | undefined | { readonly fault: string };

interface DeniedInput {
  readonly method: string;
  readonly denial: Denial;
}

function denialOfInputs(message: Message, judge: ReceivedJudge): DeniedInput | undefined | { fault: string } {
  if (message.kind === 'request') return undefined;
  const inputs = inputsAsked(message, judge.server);
  if ('fault' in inputs) return inputs;
  // All are shown to the judge, also behind a denied one: each is an event of its own.
  const denials = inputs.flatMap((asked) => {
    const denial = judge.asks(asked, message);
    return denial === undefined ? [] : { method: asked.request.method, denial };
  });
  return denials[0];
}

function responded(message: ResponseMessage, judge: ReceivedJudge): Outcome {
  judge.answers(message);
  const denied = denialOfInputs(message, judge);
  if (denied === undefined) return listEdits(message, judge.keeps);
  if ('fault' in denied) return denied;
  // Without some of the inputs the client would send the call again, and the server ask again.
  const text = denialText({ id: message.id ?? 'null', method: denied.method, params: {} }, denied.denial);
  return [{ ...message.place, text }];
}

function called(message: Exclude<Message, ResponseMessage>, judge: ReceivedJudge): Outcome {
  const asked = askedOf(message, judge.server);
  if (isFault(asked)) return asked;
  const denial = judge.asks(asked, message);
  if (denial !== undefined) {
    if (message.kind === 'request') judge.reply(denialText(message, denial));
    return undefined;
  }
  const inputs = denialOfInputs(message, judge);
  if (inputs === undefined) return [];
  return 'fault' in inputs ? inputs : undefined;
}

/**
 * What only a request, a response, or a notification that asks for inputs or ends a request has, in any case, or an escape that may spell
 * it. Nobody can be asked anything, or answered, without an id.
 */
const TELLING = /"id"|"inputreque|cancelled|\\u|\0/i;

/**
 * Whether all that a client can find here is a notification without a request in it, however it reads it. Streams consist of little else,
 * and to read each takes ten times as long: for whom notifications pass anyway.
 */
export function isMereNotification(bytes: Buffer): boolean {
  return bytes.includes('"method"') && !TELLING.test(bytes.toString('latin1'));
}

/**
 * Each message is judged alone. A denied request does not reach the client, and the server gets the denial; a result that asks for a
 * denied input becomes an error.
 *
 * @returns the same buffer when nothing changes; undefined when nothing is left.
 */
export function rewriteReceived(bytes: Buffer, judge: ReceivedJudge): Buffer | undefined {
  const messages = readMessages(bytes, judge.framing);
  if (isFault(messages)) return judge.unreadable(bytes, messages.fault);
  const edits: Edit[] = [];
  const kept: boolean[] = [];
  for (const message of messages.entries) {
    const outcome = message.kind === 'response' ? responded(message, judge) : called(message, judge);
    if (outcome !== undefined && 'fault' in outcome) return judge.unreadable(bytes, outcome.fault);
    kept.push(outcome !== undefined);
    edits.push(...(outcome ?? []));
  }
  if (!kept.includes(true)) return undefined;
  const places = messages.entries.map(({ place }) => place);
  edits.push(...cutsOf(places, (index) => kept[index] === true));
  return edits.length === 0 ? bytes : Buffer.from(withEdits(messages.text, edits));
}
