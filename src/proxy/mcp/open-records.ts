// Calls that were sent to a server enter, and its answers; the Event of each leaves when it is answered, or when no answer can come.
import { isObject } from '../../json/strict-json.ts';
import type { NotificationMessage, RequestMessage, ResponseMessage } from '../../mcp/message.ts';
import { type OpenCall, OpenCalls } from '../../mcp/open-calls.ts';
import type { Emit } from '../../schema/event.ts';
import { type CallOutcome, type CallRecord, callEvent, viaOf, withCaused } from './call-record.ts';
import type { CallsInHand } from './calls-in-hand.ts';

function outcomeOf({ error, result }: ResponseMessage): CallOutcome {
  if (error !== undefined) return 'error';
  return isObject(result) && result['isError'] === true ? 'tool error' : 'result';
}

/** Of one HTTP exchange, whose answers come on it or on another of its session; or of one server of stdio. */
export class OpenRecords {
  readonly #emit: Emit;
  readonly #inHand: CallsInHand;
  readonly #calls: OpenCalls = new OpenCalls();
  readonly #records: Map<string, CallRecord> = new Map();

  constructor(emit: Emit, inHand: CallsInHand) {
    this.#emit = emit;
    this.#inHand = inHand;
  }

  /** Ids of the calls that wait. */
  get ids(): readonly string[] {
    return [...this.#records.keys()];
  }

  /** As `OpenCalls` has it. */
  objection(messages: readonly RequestMessage[], besides: ReadonlySet<string>): string | undefined {
    return this.#calls.objection(messages, besides);
  }

  /** @returns why it must not be sent */
  open(message: RequestMessage, record: CallRecord, server: string): string | undefined {
    const { time, length } = record;
    const fault = this.#calls.open(message, { server, size: length, started: time });
    if (fault !== undefined) return fault;
    this.#records.set(message.id, record);
    this.#inHand.begin(record.call, viaOf(record));
    return undefined;
  }

  /** @returns whether a call waited for it */
  answered(message: ResponseMessage): boolean {
    const { start, end } = message.place;
    return this.#close(this.#calls.answered(message), outcomeOf(message), end - start);
  }

  /** The client waits for the answer no more. */
  cancelled(message: NotificationMessage): boolean {
    return this.#close(this.#calls.cancelled(message), 'cancelled');
  }

  /** Nothing more comes. @param outcome of those that wait still */
  end(outcome: CallOutcome): void {
    for (const record of this.#records.values()) this.#ended(record, outcome);
    this.#records.clear();
    this.#calls.closeAll();
  }

  #close(call: OpenCall | undefined, outcome: CallOutcome, answered?: number): boolean {
    const record = call && this.#records.get(call.id);
    if (call === undefined || record === undefined) return false;
    this.#records.delete(call.id);
    this.#ended(record, outcome, answered);
    return true;
  }

  #ended(record: CallRecord, outcome: CallOutcome, answered?: number): void {
    const event = callEvent(record, outcome, answered);
    this.#inHand.end(record.call, viaOf(record), (caused) => this.#emit(withCaused(event, caused)));
  }
}
