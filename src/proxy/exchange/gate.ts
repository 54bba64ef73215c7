// A request of any HTTP version enters; its refusal leaves, or what of it is sent on and who looks at its bodies.
import type { Buffer } from 'node:buffer';
import type { HttpRequest } from '../../schema/request.ts';
import type { RequestRecord } from '../http/record.ts';
import { refusal } from '../http/reply.ts';
import { judgedRequest } from '../http/request.ts';
import type { Origin } from '../http/target.ts';
import { askedDetail, askedText } from '../model/model-detail.ts';
import { type Ask, type Decide, type Decision, isQuestion, isRefusal, ownRefusal, type Peer } from '../options.ts';
import { now } from '../record.ts';
import { Allowance } from './allowance.ts';
import { ambiguityOf, type Reads } from './ambiguity.ts';
import {
  type Broker,
  type Description,
  isObjection,
  type Objection,
  type Outgoing,
  type Passage,
  type Refusal,
  type RequestMessage,
} from './passage.ts';

export interface GateContext {
  readonly peer: Peer;
  readonly scheme: 'http' | 'https';
  readonly decide: Decide;
  readonly ask: Ask | undefined;
  /** In the order in which they see a request; a response they see the other way round. */
  readonly brokers: readonly Broker[];
  readonly reads: Reads;
  /** Epoch of the policy set last seen, for refusals that no policy made. */
  readonly epoch: () => number;
}

/** Of all bodies together that are held before they are judged. More than one of the longest that any broker asks for. */
const READ_AHEAD = 134_217_728;
const readAhead = new Allowance(READ_AHEAD);

/** A request on its way, and the signal that nobody waits for it any more. */
interface Asked {
  readonly message: RequestMessage;
  readonly request: HttpRequest;
  readonly abandoned: () => AbortSignal;
  readonly body: Buffer | null | undefined;
}

/** Judges the requests of one connection. */
export class Gate {
  readonly #context: GateContext;
  readonly #origin: Origin;

  constructor(context: GateContext) {
    this.#context = context;
    this.#origin = { name: context.peer.name, port: context.peer.port, scheme: context.scheme };
  }

  /** What bodies that are read ahead may hold, on all connections together. */
  get allowance(): Allowance {
    return readAhead;
  }

  /** Bytes of the body that are read before the request is judged, held in memory; 0: none. `start`: its first bytes, once they are here. */
  reads(message: RequestMessage, start?: Buffer): number {
    const { brokers, peer } = this.#context;
    return brokers.reduce((most, broker) => Math.max(most, broker.reads?.(message, peer, start) ?? 0), 0);
  }

  /**
   * @param abandoned called when somebody is asked: a signal that nobody waits for the answer any more.
   * @param body content of the body, if `reads` asked for it; null when it was longer.
   * @returns a promise when a person is asked or a broker takes its time
   */
  judge(message: RequestMessage, abandoned: () => AbortSignal, body?: Buffer | null): Passage | Promise<Passage> {
    const { decide, ask, peer } = this.#context;
    const { program } = peer.attribution;
    const plain = judgedRequest(message, this.#origin, program);
    const ambiguity = ambiguityOf(message, plain, this.#context.reads);
    if (ambiguity !== undefined) return this.#ambiguous(message, plain, ambiguity);
    const description = body === undefined ? undefined : this.#describe(message, body ?? undefined);
    if (description !== undefined && isObjection(description))
      return this.#objected(message, plain, description, description.decision);
    const request = description === undefined ? plain : { ...plain, ...description };
    const decision = decide(request, program);
    if (!isQuestion(decision) || ask === undefined)
      return this.#decided({ message, request, abandoned, body }, decision);
    return ask(request, { who: peer.attribution.who, program, signal: abandoned() }).then((settled) =>
      this.#decided({ message, request, abandoned, body }, settled),
    );
  }

  #describe(message: RequestMessage, body: Buffer | undefined): Description | Refusal {
    const { brokers, peer } = this.#context;
    let known: Description = {};
    for (const broker of brokers) {
      if (broker.describe === undefined || (broker.reads?.(message, peer) ?? 0) === 0) continue;
      const said = broker.describe(message, body, peer);
      if (isObjection(said)) return said;
      known = { ...known, ...said };
    }
    return known;
  }

  #decided(asked: Asked, decision: Decision): Passage | Promise<Passage> {
    const { message, request } = asked;
    const record = this.#record(message, request, decision);
    if (isRefusal(decision)) return this.#refused(message, request, record, decision);
    return this.#edited(asked, record, { path: message.path, fields: message.fields });
  }

  /** What the policy saw in the body is said: nobody would guess it from method and path. */
  #refused(message: RequestMessage, request: HttpRequest, record: RequestRecord, decision: Decision): Passage {
    const reply = refusal(this.#described(message, request), decision);
    const { model } = request;
    if (model === undefined) return { isPermitted: false, record, reply };
    const said = { ...reply, message: `${reply.message}. ${askedText(model)}` };
    return { isPermitted: false, record: { ...record, detail: () => askedDetail(model) }, reply: said };
  }

  /** Asks the brokers in turn, without a promise as long as none takes its time. */
  #edited(asked: Asked, record: RequestRecord, outgoing: Outgoing, from: number = 0): Passage | Promise<Passage> {
    const { brokers, peer } = this.#context;
    const { message, request, abandoned, body } = asked;
    const broker = brokers[from];
    if (broker === undefined)
      return { isPermitted: true, request, record: { ...record, detail: outgoing.detail }, outgoing };
    const next = (edited: Outgoing | Objection): Passage | Promise<Passage> => {
      if (!isObjection(edited)) return this.#edited(asked, record, edited, from + 1);
      // The brokers before it are told that it is over.
      const detail = { ...outgoing.detail?.(), ...edited.detail };
      return this.#objected(message, request, { ...edited, detail }, edited.decision ?? record.decision);
    };
    const edited = broker.edit?.(outgoing, request, peer, abandoned, body) ?? outgoing;
    return edited instanceof Promise ? edited.then(next) : next(edited);
  }

  #objected(
    message: RequestMessage,
    request: HttpRequest,
    { reply, detail }: Pick<Objection, 'reply' | 'detail'>,
    decision: Decision,
  ): Passage {
    const record = this.#record(message, request, decision);
    return { isPermitted: false, record: { ...record, detail: detail && (() => detail) }, reply };
  }

  #ambiguous(message: RequestMessage, request: HttpRequest, reason: string): Passage {
    const decision = ownRefusal(reason, this.#context.epoch());
    return this.#objected(message, request, { reply: { status: 400, message: reason } }, decision);
  }

  #record({ method, path }: RequestMessage, { git }: HttpRequest, decision: Decision): RequestRecord {
    const { peer, scheme } = this.#context;
    return { time: now(), peer, scheme, method, path, git, decision };
  }

  /** For a person. The query stays out: tokens are found there. */
  #described({ method, path }: RequestMessage, { git }: HttpRequest): string {
    const { name, port, scheme } = this.#origin;
    const line = `${method} ${scheme}://${name}:${port}${path.split('?', 1)[0] ?? ''}`;
    return git === undefined ? line : `git ${git.operation} of ${git.repository} (${line})`;
  }
}
