// The words between the relays of each HTTP version and what looks at requests: a message, its passage, and the hooks of a broker.
import type { Buffer } from 'node:buffer';
import type { HttpRequest } from '../../schema/request.ts';
import type { Field } from '../http/head.ts';
import type { RequestRecord } from '../http/record.ts';
import type { OwnReply } from '../http/reply.ts';
import type { Decision, Peer } from '../options.ts';

/** A request of any HTTP version, checked: its authority is the verified name of the connection. */
export interface RequestMessage {
  readonly method: string;
  /** Path and query in origin form, or `*`, as sent. */
  readonly path: string;
  /** Without the fields of HTTP/2 that begin with a colon. */
  readonly fields: readonly Field[];
}

export interface ResponseMessage {
  readonly status: number;
  readonly fields: readonly Field[];
}

/**
 * Sees the content of one body, without transfer framing, from its first to its last byte.
 * What it throws ends the exchange on both sides.
 */
export interface BodyFilter {
  /** False: what it returns is not looked at, and the body passes as it came. */
  readonly changes: boolean;
  /** What it returns in all is as long as what it is given in all. */
  readonly keepsLength?: boolean;
  /** @returns what goes on now in place of `content`, which may hold back or add bytes. */
  push(content: Buffer): Buffer;
  /** The body is complete. @returns what was held back. */
  end(): Buffer;
  /** Called once, before the first byte. @param wake makes it be given an empty piece, when there is something to say though nothing came */
  wakes?(wake: () => void): void;
}

/** Where what passes on a connection that switched protocols goes, after the head of the response. */
export interface TunnelEnds {
  /** The client does not take what it is sent as fast as that comes. */
  readonly isClientFull: boolean;
  /** @param isOwn nobody sent it: the client is read no more until it has taken it. */
  toClient(bytes: Buffer, isOwn?: boolean): void;
  /** @param isOwn nobody sent it: the server is read no more until it has taken it. */
  toServer(bytes: Buffer, isOwn?: boolean): void;
  /** Ends both, when what they were sent is delivered. */
  close(): void;
}

/** Sees both directions of a connection that switched protocols, and passes on what is to pass. What it throws ends both. */
export interface Tunnel {
  fromClient(bytes: Buffer): void;
  /** Behind the filters of the body. */
  fromServer(bytes: Buffer): void;
  /** It is over; called once. */
  end(): void;
}

/** What becomes of a response; `body` also decides that a length known before is not known any more, when it changes anything. */
export interface ResponseEdit {
  readonly fields: readonly Field[];
  readonly body?: BodyFilter;
  /** What becomes of the trailers. Without it, those of a body that is changed are not sent on, but for the status of gRPC. */
  readonly trailers?: (fields: readonly Field[]) => readonly Field[];
  /** Of a response that switches protocols: called once, when the client has been sent it. */
  readonly tunnel?: (ends: TunnelEnds) => Tunnel;
}

/** Details that a broker adds to the event of the request, asked for once, when the exchange is over. `call` becomes that of the event. */
export type Detail = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A permitted request as it goes to the server. */
export interface Outgoing {
  readonly path: string;
  readonly fields: readonly Field[];
  readonly body?: BodyFilter;
  /**
   * Called with the head of the final response, or of one that switches protocols (101): then `body` is all that the server sends
   * afterwards. Interim responses go on without fields, and the reason phrase is the usual one.
   */
  readonly response?: (response: ResponseMessage) => ResponseEdit;
  readonly detail?: () => Detail;
}

/** What a body says to the policy. */
export type Description = Partial<Pick<HttpRequest, 'model'>>;

/** Why a broker stops a request. */
export interface Objection {
  readonly reply: OwnReply;
  /** What the event says: a verdict of the policy, or an own refusal. Absent: the request is permitted, and is answered here. */
  readonly decision?: Decision;
  readonly detail?: Detail;
}

/** Of a request that was not judged yet. */
export interface Refusal extends Objection {
  readonly decision: Decision;
}

export function isObjection(outcome: Outgoing | Description | Objection): outcome is Objection {
  return 'reply' in outcome;
}

/** A request that Leash itself makes, in the name of the program that `peer` is about. */
export interface OwnRequest {
  readonly peer: Peer;
  readonly scheme: 'http' | 'https';
  readonly message: RequestMessage;
  readonly body: Buffer;
}

/**
 * Sends it as if the program had: judged, seen by all brokers, and recorded, with `sent_by: leash`. Nobody is asked about it, and its answer is
 * dropped. With too many at a time it is not sent.
 */
export type SendOwn = (request: OwnRequest) => void;

/** Looks at the requests of permitted connections: sets headers, puts credentials in, sums up what is said to a model. */
export interface Broker {
  /** Called once, before all else, with the way to send requests of its own. */
  useOwnRequests?(send: SendOwn): void;
  /** Whether it has to see the requests to a peer, so that TLS may not be relayed unopened. */
  needs?(peer: Peer): boolean;
  /**
   * Bytes of the body to read before the request is judged; 0: none. Called before `describe`, and again when content has come.
   * @param start the first bytes of the content, once there are any: 0 then means that no more of it is wanted
   */
  reads?(message: RequestMessage, peer: Peer, start?: Buffer): number;
  /** @param body its content; undefined when it is longer than `reads` said, or broken off. Called only if `reads` was above 0. */
  describe?(message: RequestMessage, body: Buffer | undefined, peer: Peer): Description | Refusal;
  /**
   * Called with what the brokers before it made of a permitted request.
   * @param body its content, where it was read before; null: it was longer than `reads` said. @param request as it was judged.
   * @param abandoned called when somebody is asked: a signal that nobody waits for the answer any more.
   */
  edit?(
    outgoing: Outgoing,
    request: HttpRequest,
    peer: Peer,
    abandoned: () => AbortSignal,
    body?: Buffer | null,
  ): Outgoing | Objection | Promise<Outgoing | Objection>;
}

/** The request was judged: it goes on as `outgoing`. */
export interface Permitted {
  readonly isPermitted: true;
  readonly request: HttpRequest;
  readonly record: RequestRecord;
  readonly outgoing: Outgoing;
}

/** The request stays here: `reply` is for the client, `record` is not written yet. */
export interface Refused {
  readonly isPermitted: false;
  readonly record: RequestRecord;
  readonly reply: OwnReply;
}

export type Passage = Permitted | Refused;
