// The two ends of a client and the two of its server enter; what they say to each other passes between them, judged where policy speaks of it.
import type { Buffer } from 'node:buffer';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { LineFilter, type LineFilterOptions } from '../../../mcp/line-filter.ts';
import type { Rewrite } from '../../../mcp/received.ts';
import { type Allowance, Share } from '../../exchange/allowance.ts';
import type { Attribution } from '../../options.ts';
import type { McpBrokerOptions } from '../call-judge.ts';
import { ClientMessages } from '../talk/client-messages.ts';
import { Conversation } from '../talk/conversation.ts';
import { ServerMessages } from '../talk/server-messages.ts';
import { LineWriter } from './line-writer.ts';

/** A program of the agent's that serves MCP on its standard input and output. */
export interface StdioServer {
  /** What policies call it. */
  readonly name: string;
  /** `mcp:NAME`, `mcp:./NAME` or `mcp:?NAME`. */
  readonly via: string;
  /** The process that started it. */
  readonly attribution: Attribution;
}

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
  readonly #client: ClientMessages;
  readonly #server: ServerMessages;

  constructor(ends: StdioEnds, { name, via, attribution }: StdioServer, options: StdioOptions) {
    const { allowance } = options;
    const way = { transport: 'stdio', via } as const;
    this.#ends = ends;
    this.#talk = new Conversation(options, { server: name, key: `stdio ${via}`, attribution, way });
    this.#share = { client: new Share(allowance), server: new Share(allowance) };
    this.#toClient = new LineWriter(ends.toClient);
    this.#toServer = new LineWriter(ends.toServer);
    this.#client = new ClientMessages(this.#talk, this.#toClient, allowance);
    this.#server = new ServerMessages(this.#talk, this.#toClient, this.#toServer);
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
    const later = (line: Buffer): void => this.#toServer.say(line);
    const filter = this.#filter(this.#client, this.#share.client, (line) => this.#client.read(line, later));
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
    const filter = this.#filter(this.#server, this.#share.server, (line) => this.#server.read(line));
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

  #filter(messages: ClientMessages | ServerMessages, budget: Share, rewrite: Rewrite): LineFilter {
    const options: LineFilterOptions = {
      holds: () => this.#talk.isEnforced,
      rewrite,
      passed: (line) => messages.watch(line),
      tooLong: () => messages.tooLong(),
      budget,
    };
    return new LineFilter(options);
  }
}
