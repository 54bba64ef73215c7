// What clients say in one session of MCP over HTTP enters; answers find their calls there, on whichever stream they come, and replies the way back.
import type { NotificationMessage, ResponseMessage } from '../../mcp/message.ts';
import type { Field } from '../http/head.ts';
import type { Peer } from '../options.ts';
import type { CallOutcome } from './call-record.ts';
import type { CallsInHand } from './calls-in-hand.ts';
import type { OpenRecords } from './open-records.ts';
import type { StreamVoice } from './stream-voice.ts';

/** Exchanges of one session whose calls wait; with more the oldest wait no longer. */
const MAX_WAITING = 256;
/** Sessions that are known at a time. */
const MAX_SESSIONS = 256;
/** Milliseconds that a call waits for an answer on another stream when its own exchange is over. */
const PATIENCE = 300_000;

/** Says whose session it is, to the server and to what stands before it: `X-Api-Key`, `X-Auth-Token`. */
const OF_SESSION =
  /^(?:authorization|origin|mcp-session-id|mcp-protocol-version|user-agent|(?!idempotency-).*(?:key|token))$/;

/** What of the client's requests is the same in all of a session, as the agent sent it: with stand-ins for what it does not know. */
export interface Said {
  readonly peer: Peer;
  readonly scheme: 'http' | 'https';
  readonly path: string;
  readonly fields: readonly Field[];
}

export function saidIn({ peer, scheme, path, fields }: Said): Said {
  return { peer, scheme, path, fields: fields.filter(({ name }) => OF_SESSION.test(name)) };
}

export class McpSession {
  /** The client's last request in it. */
  last: Said | undefined;
  readonly #isInbox: boolean;
  /** Of 2024-11-05, on which all answers come. */
  #streams = 0;
  readonly #voices: Set<StreamVoice> = new Set();
  readonly #inHand: CallsInHand;
  /** In the order in which they were sent; with what ends the wait of those that are over. */
  readonly #open: Map<OpenRecords, (() => void) | undefined> = new Map();

  /** @param isInbox messages are sent to an address of their own (2024-11-05) */
  constructor(inHand: CallsInHand, isInbox: boolean) {
    this.#inHand = inHand;
    this.#isInbox = isInbox;
  }

  /** Calls of this exchange are sent: their answers may come before it is over. */
  sent(open: OpenRecords): void {
    this.#open.set(open, undefined);
    if (this.#open.size <= MAX_WAITING) return;
    for (const [oldest, cancel] of this.#open) {
      // One whose exchange goes on is answered on it, or nowhere.
      if (cancel === undefined) this.#open.delete(oldest);
      else this.#left(oldest, 'sent');
      return;
    }
  }

  /** An answer came on an exchange that has no call for it. With several calls of that id it is the oldest's. */
  answered(message: ResponseMessage): void {
    this.#close((open) => open.answered(message));
  }

  /** The client waits for the answer no more. */
  cancelled(message: NotificationMessage): void {
    this.#close((open) => open.cancelled(message));
  }

  /** The exchange is over. @param outcome of its calls, unless an answer comes on another stream */
  over(open: OpenRecords, outcome: CallOutcome, mayBeElsewhere: boolean): void {
    const isHeard = mayBeElsewhere && (!this.#isInbox || this.#streams > 0);
    if (isHeard && this.#open.has(open) && open.ids.length > 0)
      this.#open.set(
        open,
        this.#inHand.later(() => this.#left(open, outcome), PATIENCE),
      );
    else this.#left(open, outcome);
  }

  /** The client listens to a stream of its own. @param voice that it hears there */
  listens(voice: StreamVoice): void {
    this.#voices.add(voice);
  }

  listensNoMore(voice: StreamVoice): void {
    this.#voices.delete(voice);
  }

  /** On the stream that it listens to, if there is one: the last, since those before may be broken. */
  readonly tell = (message: string): void => {
    [...this.#voices].at(-1)?.say(message);
  };

  /** A stream of 2024-11-05 begins that names its address. */
  streamBegins(): void {
    this.#streams += 1;
  }

  /** It is over. Without any there is none on which an answer could come. */
  streamEnds(): void {
    this.#streams -= 1;
    if (this.#streams > 0) return;
    for (const [open, cancel] of [...this.#open]) if (cancel !== undefined) this.#left(open, 'no answer');
  }

  #close(closes: (open: OpenRecords) => boolean): void {
    for (const [open, cancel] of this.#open) {
      if (!closes(open)) continue;
      if (cancel !== undefined && open.ids.length === 0) this.#left(open, 'sent');
      return;
    }
  }

  #left(open: OpenRecords, outcome: CallOutcome): void {
    this.#open.get(open)?.();
    this.#open.delete(open);
    open.end(outcome);
  }
}

function sessionId(fields: readonly Field[]): string | undefined {
  return fields.find(({ name }) => name === 'mcp-session-id')?.value;
}

/** Of all servers; nothing that is decided depends on what is forgotten. */
export class McpSessions {
  readonly #inHand: CallsInHand;
  readonly #sessions: Map<string, McpSession> = new Map();

  constructor(inHand: CallsInHand) {
    this.#inHand = inHand;
  }

  /**
   * Of a request: by the id that the server gave (2025-03-26, Session Management), or by the address for messages that a stream of
   * 2024-11-05 named, with its query. Undefined: it belongs to none.
   */
  of(said: Said, isInbox: boolean): McpSession | undefined {
    const id = isInbox ? '' : sessionId(said.fields);
    return id === undefined ? undefined : this.#at(said, id, isInbox);
  }

  /** @param inbox where a stream of 2024-11-05 wants messages to be sent, at its own origin */
  ofStream(inbox: Said): McpSession {
    return this.#at(inbox, '', true);
  }

  #at({ peer, scheme, path }: Said, id: string, isInbox: boolean): McpSession {
    const key = JSON.stringify([scheme, peer.name, peer.port, path, id]);
    const session = this.#sessions.get(key) ?? new McpSession(this.#inHand, isInbox);
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(oldest);
    return session;
  }
}
