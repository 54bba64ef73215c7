// A client's bytes enter, requests in order leave: each with its target checked, and with its body where the policy looks at it.
import type { Buffer } from 'node:buffer';
import type { Gate } from '../exchange/gate.ts';
import type { RequestMessage } from '../exchange/passage.ts';
import { requestFraming } from './body.ts';
import { parseRequestHead, type RequestHead } from './head.ts';
import { MessageReader } from './reader.ts';
import { RequestBody } from './request-body.ts';
import { type Misdirected, type Origin, requestTarget, type Target } from './target.ts';

/** A request that is in order, to be judged. */
export interface Asked {
  readonly head: RequestHead;
  readonly target: Target;
  readonly message: RequestMessage;
  readonly body: RequestBody;
  /** What its body holds, if the policy looks at it; null: more than is looked at. */
  readonly content?: Buffer | null;
}

export interface Misread extends Misdirected {
  readonly head: RequestHead;
}

export class Intake {
  readonly #reader: MessageReader<RequestHead> = new MessageReader(parseRequestHead, 431);
  readonly #origin: Origin;
  readonly #gate: Gate;
  readonly #sayContinue: () => void;
  #ahead: Asked | undefined;
  #body: RequestBody | undefined;

  /** @param sayContinue tells the client to send the body it announced (RFC 9110, section 10.1.1). */
  constructor(origin: Origin, gate: Gate, sayContinue: () => void) {
    this.#origin = origin;
    this.#gate = gate;
    this.#sayContinue = sayContinue;
  }

  push(bytes: Buffer): void {
    this.#reader.push(bytes);
  }

  /** Bytes received and not yet read. */
  get buffered(): number {
    return this.#reader.buffered;
  }

  /** A head has begun and is not complete. */
  get isInHead(): boolean {
    return this.#ahead === undefined && this.#reader.buffered > 0;
  }

  /** Everything received and not yet read, for a connection that stops being HTTP. */
  rest(): Buffer | undefined {
    return this.#reader.rest();
  }

  /** The connection is gone: what was read ahead is not wanted any more. */
  release(): void {
    this.#body?.release();
  }

  /** The next request, or undefined until enough of it is here. @throws ProtocolError */
  next(): Asked | Misread | undefined {
    if (this.#ahead !== undefined) return this.#readAhead(this.#ahead);
    const head = this.#reader.head();
    if (head === undefined) return undefined;
    const target = requestTarget(head, this.#origin);
    if ('status' in target) return { ...target, head };
    const message = { method: head.method, path: target.path, fields: head.fields };
    this.#body = new RequestBody(this.#reader, requestFraming(head), this.#gate.allowance);
    const asked = { head, target, message, body: this.#body };
    return asked.body.isComplete || this.#gate.reads(message) === 0 ? asked : this.#readAhead(this.#expected(asked));
  }

  /** The server is not asked whether it wants a body that is read here. */
  #expected(asked: Asked): Asked {
    const fields = asked.head.fields.filter(({ name }) => name !== 'expect');
    if (fields.length === asked.head.fields.length) return asked;
    if (!asked.head.isHttp10) this.#sayContinue();
    return { ...asked, head: { ...asked.head, fields }, message: { ...asked.message, fields } };
  }

  #readAhead(asked: Asked): Asked | undefined {
    const content = asked.body.readAhead((start) => this.#gate.reads(asked.message, start));
    this.#ahead = content === undefined ? asked : undefined;
    if (content === undefined) return undefined;
    return content === 'unwanted' ? asked : { ...asked, content };
  }
}
