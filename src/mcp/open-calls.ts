// Requests of one side of a connection enter, and what speaks of them; the call that each is about leaves. It holds a bounded number.
import { Buffer } from 'node:buffer';
import { numberText } from '../json/number-text.ts';
import { memberPlace, type Place, placeOf, textAt } from '../json/places.ts';
import { isObject } from '../json/strict-json.ts';
import type { NotificationMessage, RequestMessage, ResponseMessage } from './message.ts';

export interface OpenCall {
  /** To the letter. */
  readonly id: string;
  readonly method: string;
  /** Of `tools/call`. */
  readonly tool: string | undefined;
  readonly server: string;
  /** Of the request, in bytes. */
  readonly size: number;
  /** When it was sent, in milliseconds, by the caller's clock. */
  readonly started: number;
}

const DEFAULT_MOST = 1_024;
/** Longer tokens are not remembered. Ids are no longer, either. */
const MAX_TOKEN = 1_024;
const NONE: ReadonlySet<string> = new Set();

/** Part of a text keeps the whole of it in memory, as long as the part is kept. */
function detached(part: string): string {
  return Buffer.from(part).toString();
}

/** One text for each id: servers may give back `1.0` as `1`, and `"a\u0062"` as `"ab"`. */
export function idKey(literal: string): string {
  return detached(literal.startsWith('"') ? JSON.stringify(JSON.parse(literal)) : numberText(literal).text);
}

/** To the letter, if it is a string or a number. */
function literalAt(text: string, object: Place | undefined, key: string): string | undefined {
  const place = memberPlace(object, key);
  const literal = place && textAt(text, place);
  return literal !== undefined && literal.length <= MAX_TOKEN && /^["\d-]/.test(literal) ? literal : undefined;
}

function paramsOf({ text, place }: RequestMessage | NotificationMessage, depth: number): Place | undefined {
  const params = memberPlace(place, 'params');
  return params && placeOf(text, depth, params.start);
}

/** Of a request that wants to be told how far it is: its progress token to the letter. */
export function progressTokenOf(message: RequestMessage): string | undefined {
  if (!isObject(message.params['_meta'])) return undefined;
  return literalAt(message.text, memberPlace(paramsOf(message, 2), '_meta'), 'progressToken');
}

/** The request that `notifications/cancelled` speaks of, as `idKey` has it. */
export function cancelledKey(message: NotificationMessage): string | undefined {
  const id = literalAt(message.text, paramsOf(message, 1), 'requestId');
  return id === undefined ? undefined : idKey(id);
}

/** Each side numbers its requests for itself: one of these for each direction of a connection. */
export class OpenCalls {
  readonly #most: number;
  readonly #calls: Map<string, OpenCall> = new Map();
  /** Keys of calls by their progress token. */
  readonly #tokens: Map<string, string> = new Map();
  /** The other way round. */
  readonly #tokenOf: Map<string, string> = new Map();

  constructor(most: number = DEFAULT_MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#calls.size;
  }

  /**
   * @param besides keys of calls that are to be opened later.
   * @returns why they must not be sent, all together: an answer could not be told from that of another call.
   */
  objection(messages: readonly RequestMessage[], besides: ReadonlySet<string> = NONE): string | undefined {
    const keys = messages.map(({ id }) => idKey(id));
    const isTaken = keys.some((key, index) => this.#calls.has(key) || besides.has(key) || keys.indexOf(key) !== index);
    if (isTaken) return 'its id is that of a call which is not answered yet';
    const isTooMuch = this.#calls.size + besides.size + keys.length > this.#most;
    return isTooMuch ? `${this.#most} calls wait for their answers already` : undefined;
  }

  /** @returns as of `objection` */
  open(message: RequestMessage, known: Pick<OpenCall, 'server' | 'size' | 'started'>): string | undefined {
    const fault = this.objection([message]);
    if (fault !== undefined) return fault;
    const { id, method, params } = message;
    const key = idKey(id);
    const tool = method === 'tools/call' && typeof params['name'] === 'string' ? params['name'] : undefined;
    this.#calls.set(key, { id: detached(id), method, tool, ...known });
    const token = progressTokenOf(message);
    if (token !== undefined && !this.#tokens.has(idKey(token))) {
      this.#tokens.set(idKey(token), key);
      this.#tokenOf.set(key, idKey(token));
    }
    return undefined;
  }

  /** The call that this answers, which is open no more; undefined of an answer that nobody waits for. */
  answered({ id }: ResponseMessage): OpenCall | undefined {
    return id === undefined ? undefined : this.#close(idKey(id));
  }

  /** The call that `notifications/cancelled` ends: no answer is due, and a late one is matched no more. */
  cancelled(message: NotificationMessage): OpenCall | undefined {
    const key = cancelledKey(message);
    return key === undefined ? undefined : this.#close(key);
  }

  /** The call that `notifications/progress` speaks of; it stays open. */
  progressed(message: NotificationMessage): OpenCall | undefined {
    const token = literalAt(message.text, paramsOf(message, 1), 'progressToken');
    const key = token === undefined ? undefined : this.#tokens.get(idKey(token));
    return key === undefined ? undefined : this.#calls.get(key);
  }

  /** The calls that are left at the end of the connection; none is open any more. */
  closeAll(): readonly OpenCall[] {
    const left = [...this.#calls.values()];
    this.#calls.clear();
    this.#tokens.clear();
    this.#tokenOf.clear();
    return left;
  }

  #close(key: string): OpenCall | undefined {
    const call = this.#calls.get(key);
    const token = this.#tokenOf.get(key);
    if (token !== undefined) this.#tokens.delete(token);
    this.#tokenOf.delete(key);
    this.#calls.delete(key);
    return call;
  }
}
