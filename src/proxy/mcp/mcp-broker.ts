// Requests to servers of the Model Context Protocol enter, over HTTP; those that policy permits leave, and answers without what it does not.
import type { Buffer } from 'node:buffer';
import { type ParameterHeaders, parameterHeaders } from '../../mcp/headers.ts';
import type { Keeps } from '../../mcp/lists.ts';
import { isMcpHead } from '../../mcp/recognise.ts';
import type { HttpRequest } from '../../schema/request.ts';
import { Allowance, Share } from '../exchange/allowance.ts';
import { responseThrough } from '../exchange/chain.ts';
import type {
  Broker,
  Detail,
  Objection,
  Outgoing,
  RequestMessage,
  ResponseEdit,
  ResponseMessage,
  SendOwn,
} from '../exchange/passage.ts';
import { contentCodings } from '../http/content-coding.ts';
import { type Field, ProtocolError } from '../http/head.ts';
import { mediaType } from '../model/answer-look.ts';
import { ownRefusal, type Peer } from '../options.ts';
import { eventsFilter, jsonFilter } from './answer-filters.ts';
import { CallJudge, type McpBrokerOptions, partiesOf, serverName } from './call-judge.ts';
import { CallWatch } from './call-watch.ts';
import { McpExchange, type Place, type Stopped } from './mcp-exchange.ts';
import { McpSessions, type Said, saidIn } from './mcp-session.ts';
import { denialReply } from './own-answer.ts';
import { ownReply } from './own-reply.ts';
import { McpPlaces } from './places.ts';
import { MAX_MESSAGE, mayBeMcp, readRequest, type Unreadable } from './read-request.ts';
import { isSocketHandshake, SocketBroker, type SocketRequest } from './socket/socket-broker.ts';

/** Of all answers in one text that are held at a time. */
const KEPT = 67_108_864;
/** Tools whose definitions are remembered for their headers. */
const MAX_TOOLS = 4_096;
const EVENTS = 'text/event-stream';

function has(fields: readonly Field[], name: string, value: RegExp): boolean {
  return fields.some((field) => field.name === name && value.test(field.value));
}

function originOf({ name, port }: Peer): string {
  return `${name}:${port}`;
}

function urlHost({ name, port }: Peer): string {
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function callDetail({ calls }: McpExchange): Detail {
  return calls === undefined ? {} : { call: calls };
}

/** One request on its way. */
interface Asked {
  readonly outgoing: Outgoing;
  readonly request: HttpRequest;
  readonly peer: Peer;
  readonly exchange: McpExchange;
}

class McpBroker implements Broker {
  readonly #options: McpBrokerOptions;
  readonly #places: McpPlaces = new McpPlaces();
  readonly #allowance: Allowance = new Allowance(KEPT);
  readonly #parameters: Map<string, ParameterHeaders> = new Map();
  readonly #watch: CallWatch;
  readonly #sessions: McpSessions;
  /** Those that requests of Leash's own are said on. */
  readonly #ownPeers: WeakSet<Peer> = new WeakSet();
  #sendOwn: SendOwn | undefined;
  readonly #sockets: SocketBroker;

  constructor(options: McpBrokerOptions) {
    this.#options = options;
    this.#sessions = new McpSessions(options.inHand);
    this.#watch = new CallWatch(options);
    this.#sockets = new SocketBroker(options);
  }

  useOwnRequests(send: SendOwn): void {
    this.#sendOwn = send;
  }

  needs(): boolean {
    return this.#isJudged;
  }

  reads({ path, fields }: RequestMessage, peer: Peer, start?: Buffer): number {
    if (!this.#isJudged) return 0;
    if (start === undefined || this.#places.has(originOf(peer), path) || isMcpHead(fields)) return MAX_MESSAGE;
    return mayBeMcp(fields, start) ? MAX_MESSAGE : 0;
  }

  edit(
    asked: Outgoing,
    request: HttpRequest,
    peer: Peer,
    abandoned: () => AbortSignal,
    body?: Buffer | null,
  ): Outgoing | Objection | Promise<Outgoing | Objection> {
    const { path } = asked;
    const origin = originOf(peer);
    const isPlace = this.#places.has(origin, path);
    const isMcp = isPlace || isMcpHead(asked.fields);
    const outgoing = this.#throughSocket(asked, { request, peer, origin, isMcp });
    if (typeof outgoing === 'string') return this.#refused(request, { status: 400, fault: outgoing });
    if (!this.#isJudged) return this.#watch.edit(outgoing, request, peer);
    const { fields } = outgoing;
    const judge = new CallJudge(this.#options, partiesOf(peer, request));
    const isInbox = this.#places.isInbox(origin, path);
    const said: Said = { peer, scheme: request.scheme, path, fields };
    const place = this.#placeOf(said, isInbox);
    const exchange = new McpExchange(judge, peer, this.#options, { isMcp, isInbox, ...place });
    const sent: Asked = { outgoing, request, peer, exchange };
    if (body === undefined) return this.#passed(sent);
    const parameters = (tool: string): ParameterHeaders | undefined => this.#parameters.get(`${judge.server} ${tool}`);
    const reading = readRequest(fields, body ?? undefined, { isPlace, parameters });
    if ('fault' in reading) return this.#isEnforced ? this.#refused(request, reading) : outgoing;
    const { messages } = reading;
    if (messages === undefined) return this.#passed(sent);
    this.#places.add(origin, path);
    let signal: AbortSignal | undefined;
    const once = (): AbortSignal => (signal ??= abandoned());
    return exchange
      .send(messages, once)
      .then((stopped) => (stopped === undefined ? this.#passed(sent) : this.#answered(sent, stopped, isInbox)));
  }

  /** What follows the handshake of a WebSocket is read there; it is a request of HTTP all the same. */
  #throughSocket(asked: Outgoing, known: Omit<SocketRequest, 'isRead' | 'isEnforced'>): Outgoing | string {
    if (!isSocketHandshake(asked.fields)) return asked;
    return this.#sockets.edit(asked, { ...known, isRead: this.#isJudged, isEnforced: this.#isEnforced });
  }

  #placeOf(said: Said, isInbox: boolean): Pick<Place, 'session' | 'reply'> {
    // Whatever the server asks in its answer to an answer: replies must not go on for ever.
    if (this.#ownPeers.has(said.peer)) return {};
    const session = this.#sessions.of(said, isInbox);
    if (session !== undefined) session.last = saidIn(said);
    return { session, reply: (text) => this.#reply(session?.last ?? said, said.path, text) };
  }

  #reply(said: Said, path: string, text: string): void {
    const reply = ownReply(said, path, text);
    this.#ownPeers.add(reply.peer);
    this.#sendOwn?.(reply);
  }

  get #isJudged(): boolean {
    const { calls, pins } = this.#options.attention();
    return calls !== 'no' || pins === true;
  }

  get #isEnforced(): boolean {
    const { calls, pins } = this.#options.attention();
    return calls === 'enforced' || pins === true;
  }

  /** The answer of Leash itself; the request does not reach the server. */
  #answered({ outgoing, request, peer, exchange }: Asked, stopped: Stopped, isInbox: boolean): Objection {
    const { answer, reason, policies } = stopped;
    const message = `a message of MCP to ${originOf(peer)}${request.path} is not permitted: ${reason}`;
    const reply = denialReply({ text: answer, message, policies }, outgoing.fields, isInbox);
    return { reply, detail: { answered_by: 'leash', ...callDetail(exchange) } };
  }

  #refused({ method, path, resource, port }: HttpRequest, { status, fault, text }: Unreadable): Objection {
    const reason = `calls to MCP servers are judged here, and this request cannot be: ${fault}`;
    const message = `${method} ${resource.name}:${port}${path} is not permitted: ${reason}`;
    const content = text === undefined ? {} : { content: { type: 'application/json', text } };
    return {
      reply: { status, message, policies: [], ...content },
      decision: ownRefusal(reason, this.#options.epoch()),
    };
  }

  #passed(asked: Asked): Outgoing {
    const { outgoing, exchange } = asked;
    const { method } = asked.request;
    const isListening = method === 'GET' && has(outgoing.fields, 'accept', /\btext\/event-stream\b/i);
    const isWatched = exchange.isMcp || isListening;
    // What is encoded could not be looked at on its way.
    const fields = isWatched ? outgoing.fields.filter(({ name }) => name !== 'accept-encoding') : outgoing.fields;
    const share = new Share(this.#allowance);
    let status: number | undefined;
    const answered = (response: ResponseMessage): ResponseEdit => {
      status = response.status;
      return this.#response(asked, isListening, response, share);
    };
    return {
      ...outgoing,
      fields,
      response: responseThrough(answered, outgoing.response),
      detail: (): Detail => {
        share.release();
        exchange.end(status);
        return { ...outgoing.detail?.(), ...(exchange.isMcp && { mcp: true }), ...callDetail(exchange) };
      },
    };
  }

  #response(
    { outgoing, request: { scheme }, peer, exchange }: Asked,
    isListening: boolean,
    response: ResponseMessage,
    share: Share,
  ): ResponseEdit {
    const { fields } = response;
    const origin = originOf(peer);
    if (isMcpHead(fields)) {
      this.#places.add(origin, outgoing.path);
      exchange.speaksMcp();
    }
    const type = mediaType(fields);
    const isEvents = type === EVENTS && (exchange.isMcp || isListening);
    const isJson = /[/+]json$/.test(type) && exchange.isMcp;
    if ((!isEvents && !isJson) || !this.#isJudged) return { fields };
    const isShadow = (): boolean => !this.#isEnforced;
    if (contentCodings(fields).length > 0) {
      if (isShadow()) return { fields };
      throw new ProtocolError('the MCP server encoded an answer that was asked for as it is', 502);
    }
    const seen = this.#remembering(serverName(peer, scheme));
    const rewrite = exchange.rewrite({ isEvents, isShadow, seen });
    if (isJson) return { fields, body: jsonFilter(rewrite, share) };
    const endpoint = (address: string): void => {
      this.#places.add(origin, outgoing.path);
      exchange.speaksLegacy(this.#inbox({ peer, scheme, path: outgoing.path, fields: outgoing.fields }, address));
    };
    if (isListening) exchange.listens();
    return { fields, body: exchange.voice.in(eventsFilter(rewrite, endpoint)) };
  }

  /** @param address may be relative, and of another origin: then nothing is sent there that was asked here. */
  #inbox(stream: Said, address: string): Pick<Place, 'session' | 'reply'> {
    const base = `${stream.scheme}://${urlHost(stream.peer)}${stream.path}`;
    if (!URL.canParse(address, base)) return {};
    const { origin, protocol, hostname, port, pathname, search } = new URL(address, base);
    const name = hostname.replace(/^\[(.*)\]$/, '$1');
    this.#places.addInbox(`${name}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`, pathname);
    if (origin !== new URL(base).origin) return {};
    const path = `${pathname}${search}`;
    const session = this.#sessions.ofStream({ ...stream, path });
    return { session, reply: (text) => this.#reply(session.last ?? stream, path, text) };
  }

  /** Which arguments of a tool its headers repeat is told by its definition. */
  #remembering(server: string): (...entry: Parameters<Keeps>) => void {
    return (kind, tool) => {
      if (kind !== 'tools') return;
      if (this.#parameters.size >= MAX_TOOLS) this.#parameters.clear();
      this.#parameters.set(`${server} ${String(tool['name'])}`, parameterHeaders(tool));
    };
  }
}

/** Judges MCP over HTTP, and records it. Stands where it sees what the agent sees: before what puts credentials in. */
export function mcpBroker(options: McpBrokerOptions): Broker {
  return new McpBroker(options);
}
