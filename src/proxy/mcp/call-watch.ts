// Requests that may be calls of MCP pass, where no policy speaks of calls, and their answers; what was called is recorded. Nothing is held or changed.
import { Buffer } from 'node:buffer';
import { isFault, readMessages } from '../../mcp/message.ts';
import { isMcpBody, isMcpHead } from '../../mcp/recognise.ts';
import type { HttpRequest } from '../../schema/request.ts';
import { Allowance, Share } from '../exchange/allowance.ts';
import { bodyThrough, responseThrough } from '../exchange/chain.ts';
import { KeptBytes } from '../exchange/kept-bytes.ts';
import { type Look, lookingFilter } from '../exchange/looking-filter.ts';
import type { BodyFilter, Detail, Outgoing } from '../exchange/passage.ts';
import { contentCodings, decodeContent } from '../http/content-coding.ts';
import type { Field } from '../http/head.ts';
import { decodedLook, mediaType } from '../model/answer-look.ts';
import { EventLines } from '../model/event-lines.ts';
import { saysJson } from '../model/read-body.ts';
import type { Peer } from '../options.ts';
import { CallJudge, type McpBrokerOptions, partiesOf } from './call-judge.ts';
import { McpExchange } from './mcp-exchange.ts';

/** Of one body, as it was sent. */
const MAX_KEPT = 1_048_576;
const MAX_DECODED = 8_388_608;
/** Of all that are kept at a time. */
const KEPT = 33_554_432;

/** What clients of MCP say: one of its headers, or that they read both forms of an answer to JSON (2025-03-26, Transports). */
function mayBeCall(fields: readonly Field[]): boolean {
  if (isMcpHead(fields)) return true;
  const accepted = fields.flatMap(({ name, value }) => (name === 'accept' ? [value] : [])).join();
  return /\bapplication\/json\b/i.test(accepted) && /\btext\/event-stream\b/i.test(accepted) && saysJson(fields);
}

const neverAbandoned = (): AbortSignal => new AbortController().signal;

class Watched {
  readonly #exchange: McpExchange;
  readonly #share: Share;
  /** Its head says MCP. */
  readonly #isCertain: boolean;
  #unread: string | undefined;
  #isAnswerSeen = false;
  /** Of a stream of events; one that is too long is left out. */
  #streamed = 0;
  #status: number | undefined;

  constructor(exchange: McpExchange, share: Share, isCertain: boolean) {
    this.#exchange = exchange;
    this.#share = share;
    this.#isCertain = isCertain;
  }

  request(fields: readonly Field[]): BodyFilter {
    const kept = new KeptBytes(this.#share, MAX_KEPT);
    const codings = contentCodings(fields);
    const end = (): void => {
      if (kept.isWhole) this.#read(kept.bytes(), codings);
      else this.#unread = 'it is longer than 1 MiB, or too many are read at a time';
    };
    return lookingFilter({ push: (content) => kept.push(content), end }, () => {
      this.#unread = 'it could not be read';
    });
  }

  #read(body: Buffer, codings: readonly string[]): void {
    if (body.length === 0) return;
    const decoded = decodeContent(body, codings, MAX_DECODED);
    if ('fault' in decoded) {
      this.#unread = decoded.fault;
      return;
    }
    if (!this.#isCertain && !isMcpBody(decoded.content)) return;
    const messages = readMessages(decoded.content, { mayBeBatch: true });
    if (isFault(messages)) this.#unread = messages.fault;
    // Nobody is asked, and nothing is stopped: it is done before the first byte of an answer.
    else void this.#exchange.send(messages, neverAbandoned);
  }

  /** @returns undefined: there is nothing to see in it */
  answer(status: number, fields: readonly Field[]): BodyFilter | undefined {
    this.#status = status;
    const type = mediaType(fields);
    const isEvents = type === 'text/event-stream';
    if (!this.#exchange.isMcp || !(isEvents || saysJson(fields))) return undefined;
    const rewrite = this.#exchange.rewrite({ isEvents, isShadow: () => true, seen: () => {} });
    const codings = contentCodings(fields);
    const look = isEvents ? this.#events(rewrite) : this.#whole(rewrite);
    this.#isAnswerSeen = true;
    const looking = codings.length === 0 ? look : decodedLook(codings, look, this.#share, MAX_KEPT);
    return lookingFilter(looking, () => {
      this.#isAnswerSeen = false;
    });
  }

  #events(read: (bytes: Buffer) => unknown): Look {
    const lines = new EventLines(true, (data) => void read(Buffer.from(data)));
    return {
      push: (content) => {
        this.#streamed += content.length;
        lines.push(content);
      },
      end: () => lines.end(),
    };
  }

  #whole(read: (bytes: Buffer) => unknown): Look {
    const kept = new KeptBytes(this.#share, MAX_KEPT);
    return {
      push: (content) => kept.push(content),
      end: () => {
        if (kept.isWhole) read(kept.bytes());
        else this.#isAnswerSeen = false;
      },
    };
  }

  /** The exchange is over. */
  detail(): Detail {
    this.#share.release();
    this.#exchange.end(this.#status, this.#isAnswerSeen && this.#streamed <= MAX_KEPT);
    if (this.#unread !== undefined && this.#isCertain) return { mcp: true, mcp_unread: this.#unread };
    const { isMcp, calls } = this.#exchange;
    return isMcp ? { mcp: true, ...(calls !== undefined && { call: calls }) } : {};
  }
}

/** Evasion is of no use here: nothing is decided. */
export class CallWatch {
  readonly #options: McpBrokerOptions;
  readonly #allowance: Allowance = new Allowance(KEPT);

  constructor(options: McpBrokerOptions) {
    this.#options = options;
  }

  edit(outgoing: Outgoing, request: HttpRequest, peer: Peer): Outgoing {
    if (request.method !== 'POST' || !mayBeCall(outgoing.fields)) return outgoing;
    const judge = new CallJudge(this.#options, partiesOf(peer, request));
    const exchange = new McpExchange(judge, peer, this.#options, { isMcp: false, isInbox: false });
    const watched = new Watched(exchange, new Share(this.#allowance), isMcpHead(outgoing.fields));
    const body = bodyThrough(outgoing.body, watched.request(outgoing.fields));
    return {
      ...outgoing,
      ...(body !== undefined && { body }),
      response: responseThrough(({ status, fields }) => {
        const seen = watched.answer(status, fields);
        return { fields, ...(seen !== undefined && { body: seen }) };
      }, outgoing.response),
      detail: () => ({ ...outgoing.detail?.(), ...watched.detail() }),
    };
  }
}
