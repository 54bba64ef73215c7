// Bodies of permitted requests and of their responses pass by; copies of those that are text leave when the exchange is over.
import type { Buffer } from 'node:buffer';
import { Allowance, Share } from '../exchange/allowance.ts';
import { bodyThrough, responseThrough } from '../exchange/chain.ts';
import { KeptBytes } from '../exchange/kept-bytes.ts';
import { lookingFilter } from '../exchange/looking-filter.ts';
import type { BodyFilter, Broker, Detail, Outgoing } from '../exchange/passage.ts';
import { contentCodings, decodeContent } from '../http/content-coding.ts';
import type { Field } from '../http/head.ts';

/** Of one body as it was sent. Cut, it still holds whatever begins within the part that is written. */
const MAX_KEPT = 2_097_152;
const MAX_DECODED = 33_554_432;
/** Of all that are kept at a time. */
const KEPT = 67_108_864;

export interface KeptBody {
  /** Decoded content from its beginning on. */
  readonly content: Buffer;
  /** Media type with parameters, as sent. */
  readonly type: string;
  /** Whether `content` is all of it. */
  readonly isWhole: boolean;
}

export interface KeptBodies {
  readonly request?: KeptBody;
  readonly response?: KeptBody;
}

/** Writes the bodies of one exchange. @returns what the event says of them */
export type KeepBodies = (bodies: KeptBodies) => Detail;

const TEXT =
  /^(?:text\/[\w.+-]+|application\/(?:(?:[\w.-]+\+)?(?:json|xml)|x-www-form-urlencoded|(?:x-)?ndjson|jsonl|graphql|(?:x-)?javascript|(?:x-)?yaml|toml|x-sh|sql))\s*(?:;|$)/i;

class Keeping {
  readonly type: string;
  readonly #codings: readonly string[];
  readonly #kept: KeptBytes;
  #isOver = false;
  readonly filter: BodyFilter;

  constructor(type: string, fields: readonly Field[], share: Share) {
    const kept = new KeptBytes(share, MAX_KEPT);
    this.type = type;
    this.#codings = contentCodings(fields);
    this.#kept = kept;
    const end = (): void => {
      this.#isOver = true;
    };
    this.filter = lookingFilter({ push: (content) => kept.push(content), end }, () => {});
  }

  /** What is encoded cannot be cleaned of credentials, so it is kept decoded or not at all. */
  body(): KeptBody | undefined {
    if (this.#kept.total === 0) return undefined;
    const { type } = this;
    const isWhole = this.#isOver && this.#kept.isWhole;
    if (this.#codings.length > 0 && !isWhole) return undefined;
    const decoded = decodeContent(this.#kept.bytes(), this.#codings, MAX_DECODED);
    return 'fault' in decoded ? undefined : { content: decoded.content, type, isWhole };
  }
}

function keeping(fields: readonly Field[], share: Share): Keeping | undefined {
  const type = fields.find(({ name }) => name === 'content-type')?.value ?? '';
  return TEXT.test(type) ? new Keeping(type, fields, share) : undefined;
}

/** Stands before brokers that put credentials in: it then sees placeholders, and responses from which credentials were taken. */
export function bodyBroker(keep: KeepBodies): Broker {
  const allowance = new Allowance(KEPT);
  return {
    edit(outgoing: Outgoing): Outgoing {
      const share = new Share(allowance);
      const request = keeping(outgoing.fields, share);
      let response: Keeping | undefined;
      const body = bodyThrough(outgoing.body, request?.filter);
      const detail = (): Detail => {
        const [asked, answered] = [request?.body(), response?.body()];
        share.release();
        const isNothing = asked === undefined && answered === undefined;
        return isNothing ? {} : keep({ ...(asked && { request: asked }), ...(answered && { response: answered }) });
      };
      return {
        ...outgoing,
        ...(body !== undefined && { body }),
        response: responseThrough(({ fields }) => {
          response = keeping(fields, share);
          return { fields, ...(response !== undefined && { body: response.filter }) };
        }, outgoing.response),
        detail: () => ({ ...outgoing.detail?.(), ...detail() }),
      };
    },
  };
}
