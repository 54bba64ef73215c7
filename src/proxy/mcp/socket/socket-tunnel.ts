// Both directions of a WebSocket enter; where policy speaks of calls and it carries MCP, what is permitted leaves, and answers to what is not.
import type { Buffer } from 'node:buffer';
import { mayBeContainer } from '../../../json/strict-json.ts';
import { isMcpBody } from '../../../mcp/recognise.ts';
import { type Allowance, Share } from '../../exchange/allowance.ts';
import type { Tunnel, TunnelEnds } from '../../exchange/passage.ts';
import { CLOSE, type Violation } from '../../web-socket/frame.ts';
import { FrameWriter } from '../../web-socket/frame-writer.ts';
import { MessageFilter, type MessageFilterOptions } from '../../web-socket/message-filter.ts';
import type { McpBrokerOptions } from '../call-judge.ts';
import { ClientMessages } from '../talk/client-messages.ts';
import { Conversation, type Speakers, TOO_LONG } from '../talk/conversation.ts';
import { ServerMessages } from '../talk/server-messages.ts';

const UNREAD = 'calls are judged since, and this connection cannot be read';
const LF = 0x0a;
const CR = 0x0d;

type Side = 'client' | 'server';

export interface SocketOptions extends McpBrokerOptions {
  /** Of all WebSockets: messages that are not complete, and those about which a person is asked. */
  readonly allowance: Allowance;
}

export interface SocketKnown {
  /** Its handshake says MCP, or MCP was spoken there before. */
  readonly isMcp: boolean;
  /** It cannot be read: nobody knew at its handshake that it would have to be. */
  readonly isUnreadable: boolean;
  /** MCP is spoken on it. */
  readonly speaksMcp: () => void;
}

/** Gateways write what they are told as a line, and its end is none of the message. */
function withoutEnd(content: Buffer): Buffer {
  let end = content.length;
  while (content[end - 1] === LF || content[end - 1] === CR) end -= 1;
  return content.subarray(0, end);
}

export class SocketTunnel implements Tunnel {
  readonly #ends: TunnelEnds;
  readonly #known: SocketKnown;
  readonly #talk: Conversation;
  readonly #shares: readonly Share[];
  readonly #writers: Readonly<Record<Side, FrameWriter>>;
  readonly #filters: Readonly<Record<Side, MessageFilter>>;
  readonly #client: ClientMessages;
  readonly #server: ServerMessages;
  /** Sides whose bytes pass unread. */
  readonly #unread: Set<Side> = new Set();
  #fault: string | undefined;
  #isKnown = false;
  #isOver = false;

  constructor(ends: TunnelEnds, speakers: Speakers, known: SocketKnown, options: SocketOptions) {
    const { allowance } = options;
    this.#ends = ends;
    this.#known = known;
    this.#talk = new Conversation(options, speakers);
    this.#talk.isMcp = known.isMcp;
    const toClient = new FrameWriter({ isToServer: false, send: (bytes, isOwn) => ends.toClient(bytes, isOwn) });
    const toServer = new FrameWriter({ isToServer: true, send: (bytes, isOwn) => ends.toServer(bytes, isOwn) });
    this.#writers = { client: toClient, server: toServer };
    const listener = {
      get isFull(): boolean {
        return toClient.isWaiting || ends.isClientFull;
      },
      say: (text: string | Buffer) => toClient.say(text),
    };
    this.#client = new ClientMessages(this.#talk, listener, allowance);
    this.#server = new ServerMessages(this.#talk, listener, { isFull: false, say: (text) => toServer.say(text) });
    this.#shares = [new Share(allowance), new Share(allowance)];
    const [clientShare, serverShare] = this.#shares as [Share, Share];
    this.#filters = {
      client: new MessageFilter({
        ...this.#filterOptions(this.#client),
        isFromClient: true,
        writer: toServer,
        rewrite: (content, opcode) =>
          this.#rewritten(content, this.#client, (bytes) =>
            this.#client.read(bytes, (later) => toServer.say(later, opcode)),
          ),
        budget: clientShare,
      }),
      server: new MessageFilter({
        ...this.#filterOptions(this.#server),
        isFromClient: false,
        writer: toClient,
        rewrite: (content) => this.#rewritten(content, this.#server, (bytes) => this.#server.read(bytes)),
        budget: serverShare,
      }),
    };
    if (known.isUnreadable) this.#unread.add('client').add('server');
  }

  get isMcp(): boolean {
    return this.#talk.isMcp;
  }

  /** Why it was ended here. */
  get fault(): string | undefined {
    return this.#fault;
  }

  fromClient(bytes: Buffer): void {
    this.#push('client', bytes);
  }

  fromServer(bytes: Buffer): void {
    this.#push('server', bytes);
  }

  end(): void {
    this.#isOver = true;
    for (const writer of Object.values(this.#writers)) writer.end();
    this.#client.end();
    this.#talk.calls.end('no answer');
    for (const share of this.#shares) share.release();
  }

  #push(side: Side, bytes: Buffer): void {
    if (this.#isOver) return;
    if (this.#unread.has(side)) {
      this.#unreadable(side, { code: CLOSE.policy, fault: UNREAD }, bytes);
      return;
    }
    const broken = this.#filters[side].push(bytes);
    if (broken !== undefined) this.#unreadable(side, broken, broken.rest);
  }

  /** Where nothing is enforced, it passes all the same. */
  #unreadable(side: Side, { code, fault }: Violation, bytes: Buffer): void {
    // What breaks off within a message that was held could not be passed on any more.
    if (this.#talk.isEnforced || code === CLOSE.notUtf8 || code === CLOSE.tooBig) {
      this.#fail(side, { code, fault });
      return;
    }
    this.#unread.add(side);
    // Where the frames of it end is not known: nothing of Leash's own can stand between them.
    this.#writers[side === 'client' ? 'server' : 'client'].end();
    if (side === 'client') this.#ends.toServer(bytes);
    else this.#ends.toClient(bytes);
  }

  #fail(side: Side, { code, fault }: Violation): void {
    this.#fault = fault;
    if (this.#talk.isMcp) this.#talk.refused(side, fault, 0);
    for (const writer of Object.values(this.#writers)) writer.close(code);
    this.#ends.close();
  }

  #filterOptions(
    messages: ClientMessages | ServerMessages,
  ): Pick<MessageFilterOptions, 'wayOf' | 'seen' | 'tooLong' | 'closed'> {
    return {
      wayOf: (start) => {
        if (!this.#talk.isMcp && mayBeContainer(start) === false) return 'unseen';
        return this.#talk.isEnforced ? 'held' : 'seen';
      },
      seen: (content) => this.#watched(content, messages),
      tooLong: () => {
        if (!this.#talk.isMcp) return { code: CLOSE.tooBig, fault: TOO_LONG };
        messages.tooLong();
        return undefined;
      },
      // Who has said its last waits for no answer, and who was told the last may not be told more.
      closed: () => this.#client.end(),
    };
  }

  #rewritten(
    content: Buffer,
    messages: ClientMessages | ServerMessages,
    read: (bytes: Buffer) => Buffer | undefined,
  ): Buffer | undefined {
    if (!this.#talk.isEnforced) {
      this.#watched(content, messages);
      return content;
    }
    const message = withoutEnd(content);
    if (message.length === 0 || !(this.#talk.isMcp || isMcpBody(message))) return content;
    this.#speaksMcp();
    const passed = read(message);
    return passed === message ? content : passed;
  }

  #watched(content: Buffer, messages: ClientMessages | ServerMessages): void {
    messages.watch(withoutEnd(content));
    if (this.#talk.isMcp) this.#speaksMcp();
  }

  #speaksMcp(): void {
    this.#talk.isMcp = true;
    if (!this.#isKnown) this.#known.speaksMcp();
    this.#isKnown = true;
  }
}
