// The two ends of a client and the two of its server enter; what they say to each other passes between them, judged where policy speaks of it.
import type { Buffer } from 'node:buffer';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { LineFilter, type LineFilterOptions } from '../../../mcp/line-filter.ts';
import { type Allowance, Share } from '../../exchange/allowance.ts';
import type { McpBrokerOptions } from '../call-judge.ts';
import { ClientLines } from './client-lines.ts';
import { Conversation, type StdioServer } from './conversation.ts';
import { LineWriter } from './line-writer.ts';
import { ServerLines } from './server-lines.ts';

/** Sockets or pipes, from which nothing was read. */
export interface StdioEnds {
  readonly fromClient: Readable;
  readonly toClient: Writable;
  /** If it can be read, its end says that the server reads no more. */
  readonly toServer: Writable;
  readonly fromServer: Readable;
}

export interface StdioOptions extends McpBrokerOptions {
  /** Of all relays of a session: lines that are not complete, and those about which a person is asked. */
  readonly allowance: Allowance;
}

/** Ends quietly when the stream breaks. */
async function* piecesOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch {
    // EPIPE and ECONNRESET are how the other side goes away.
  }
}

/**
 * Each direction ends by itself, as two pipes do: the end of what one side says is passed on, and who cannot be written to is read no more.
 * Both streams out are written to as fast as they take it, and both in read no faster.
 */
export class StdioRelay {
  /** Nothing passes any more, and all four ends are closed. */
  readonly ended: Promise<void>;
  readonly #ends: StdioEnds;
  readonly #talk: Conversation;
  readonly #share: { readonly client: Share; readonly server: Share };
  readonly #toClient: LineWriter;
  readonly #toServer: LineWriter;
  readonly #client: ClientLines;
  readonly #server: ServerLines;

  constructor(ends: StdioEnds, server: StdioServer, options: StdioOptions) {
    const { allowance } = options;
    this.#ends = ends;
    this.#talk = new Conversation(options, server);
    this.#share = { client: new Share(allowance), server: new Share(allowance) };
    this.#toClient = new LineWriter(ends.toClient);
    this.#toServer = new LineWriter(ends.toServer);
    this.#client = new ClientLines(this.#talk, this.#toClient, this.#toServer, allowance);
    this.#server = new ServerLines(this.#talk, this.#toClient, this.#toServer);
    for (const stream of Object.values(ends) as Duplex[]) stream.on('error', () => {});
    ends.toServer.once('close', () => ends.fromClient.destroy());
    ends.toClient.once('close', () => ends.fromServer.destroy());
    if (ends.toServer instanceof Duplex) ends.toServer.once('end', () => ends.toServer.destroy()).resume();
    this.ended = Promise.all([this.#fromClient(), this.#fromServer()]).then(
      () => this.destroy(),
      (error: unknown) => {
        this.destroy();
        throw error;
      },
    );
  }

  /** Closes all, in the middle of whatever is said. */
  destroy(): void {
    this.#client.end();
    this.#talk.calls.end('no answer');
    for (const stream of Object.values(this.#ends) as Duplex[]) stream.destroy();
  }

  async #fromClient(): Promise<void> {
    const filter = this.#filter(this.#client, this.#share.client);
    for await (const piece of piecesOf(this.#ends.fromClient)) {
      this.#toServer.pass(filter.push(piece));
      if (this.#toServer.isFull) await this.#toServer.room();
      if (this.#toClient.isFull) await this.#toClient.room();
    }
    this.#toServer.pass(filter.end());
    this.#share.client.release();
    await this.#client.settled();
    await this.#toServer.end();
  }

  async #fromServer(): Promise<void> {
    const filter = this.#filter(this.#server, this.#share.server);
    for await (const piece of piecesOf(this.#ends.fromServer)) {
      this.#toClient.pass(filter.push(piece));
      if (this.#toClient.isFull) await this.#toClient.room();
      if (this.#toServer.isFull) await this.#toServer.room();
    }
    this.#toClient.pass(filter.end());
    this.#share.server.release();
    this.#client.end();
    this.#talk.calls.end('no answer');
    await this.#toClient.end();
  }

  #filter(lines: ClientLines | ServerLines, budget: Share): LineFilter {
    const options: LineFilterOptions = {
      holds: () => this.#talk.isEnforced,
      rewrite: (line) => lines.read(line),
      passed: (line) => lines.watch(line),
      tooLong: () => lines.tooLong(),
      budget,
    };
    return new LineFilter(options);
  }
}
