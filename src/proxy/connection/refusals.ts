// Connections that are refused enter; where a client could read it, they leave with an HTTP response that says why, over TLS too; else reset.
import type net from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Emit } from '../../schema/event.ts';
import { parseRequestHead, type RequestHead } from '../http/head.ts';
import { MessageReader } from '../http/reader.ts';
import { type OwnReply, renderReply } from '../http/reply.ts';
import { canonicalHost } from '../names/canonical-host.ts';
import type { Decision } from '../options.ts';
import { now } from '../record.ts';
import type { SessionCa } from '../tls/session-ca.ts';
import type { FirstBytes } from './first-bytes.ts';
import { peek } from './peek.ts';
import { type RefusedConnection, refusedConnection } from './record.ts';

const HTTPS_PORT = 443;
/** Answered at a time; more are reset at once. An agent that connects in a loop is owed no explanation each time. */
const MAX_ANSWERED = 32;
/** Milliseconds for the whole of it: handshake, request head, response. */
const PATIENCE = 5_000;
/** On other ports, where the server may be meant to speak first. */
const SILENCE = 300;

/** What the client said so far; undefined when nobody has looked. */
type First = FirstBytes | undefined;

function replyOf({ name, port }: RefusedConnection, { policies, reason }: Decision, status: number): OwnReply {
  const why = reason ?? (policies.length === 0 ? 'no policy permits it' : 'a policy forbids it');
  const message = `a connection to ${name.includes(':') ? `[${name}]` : name}:${port} is not permitted: ${why}`;
  return { status, message, policies, ...(reason === undefined ? {} : { reason }) };
}

/** One request head is read, whatever it asks for; a client that sends anything else is told all the same. */
class Answer {
  readonly #socket: net.Socket;
  readonly #reply: OwnReply;
  readonly #reader: MessageReader<RequestHead> = new MessageReader(parseRequestHead, 431);

  constructor(socket: net.Socket, reply: OwnReply) {
    this.#socket = socket;
    this.#reply = reply;
    socket.on('data', (bytes: Buffer) => this.#received(bytes));
  }

  #received(bytes: Buffer): void {
    if (this.#socket.writableEnded) return;
    let head: RequestHead | undefined;
    try {
      this.#reader.push(bytes);
      head = this.#reader.head();
      if (head === undefined) return;
    } catch {
      // Not a request that could be forwarded; this one will not be.
    }
    this.#socket.end(renderReply(this.#reply, head, true));
  }
}

export class Refusals {
  readonly #ca: () => Promise<SessionCa> | SessionCa;
  readonly #emit: Emit;
  #open = 0;

  constructor(ca: () => Promise<SessionCa> | SessionCa, emit: Emit) {
    this.#ca = ca;
    this.#emit = emit;
  }

  /**
   * Records the refusal as soon as it is known how the client learns of it. Nothing it says goes anywhere; it is heard for a bounded time.
   * @param status 403, or 421 when the connection is to another host than the client says.
   */
  async answer(
    socket: net.Socket,
    connection: RefusedConnection,
    decision: Decision,
    first?: First,
    status: number = 403,
  ): Promise<void> {
    const time = now();
    const record = (told?: number): void => this.#emit(refusedConnection(time, connection, decision, told));
    // The close of a socket that is gone would not be heard of.
    if (socket.destroyed || this.#open >= MAX_ANSWERED) {
      socket.resetAndDestroy();
      return record();
    }
    this.#open += 1;
    socket.once('close', () => {
      this.#open -= 1;
    });
    socket.on('error', () => socket.destroy());
    const said = first ?? (await peek(socket, connection.port === HTTPS_PORT ? PATIENCE : SILENCE));
    const context = said.kind === 'tls' ? await this.#contextFor(said.hello.serverName ?? connection.name) : undefined;
    if (socket.destroyed || (context === undefined && said.kind !== 'http')) {
      socket.resetAndDestroy();
      return record();
    }
    record(status);
    const timer = setTimeout(() => socket.destroy(), PATIENCE);
    socket.once('close', () => clearTimeout(timer));
    await this.#tell(socket, context, replyOf(connection, decision, status));
  }

  /** For the name that the client believes to talk to, else it would not read the answer. */
  async #contextFor(name: string): Promise<SecureContext | undefined> {
    const host = canonicalHost(name);
    return host === undefined ? undefined : (await this.#ca()).contextFor(host);
  }

  async #tell(socket: net.Socket, context: SecureContext | undefined, reply: OwnReply): Promise<void> {
    let readable = socket;
    if (context !== undefined) {
      const { terminateTls } = await import('../tls/terminate.ts');
      try {
        readable = await terminateTls(socket, context);
      } catch {
        // The client does not trust the session's certificate, or went away: there is no way to tell it.
        socket.destroy();
        return;
      }
    }
    readable.on('error', () => socket.destroy());
    new Answer(readable, reply);
  }
}
