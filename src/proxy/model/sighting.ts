// The bodies of one exchange that may be with a model pass by; what was asked and answered leaves as details of its event.
import type { Allowance } from '../exchange/allowance.ts';
import { Share } from '../exchange/allowance.ts';
import { KeptBytes } from '../exchange/kept-bytes.ts';
import { lookingFilter } from '../exchange/looking-filter.ts';
import type { BodyFilter, Detail, ResponseEdit, ResponseMessage } from '../exchange/passage.ts';
import type { Field } from '../http/head.ts';
import { answerLook } from './answer-look.ts';
import { apiAtPath } from './known-apis.ts';
import { AnswerReader } from './model-answer.ts';
import { answerDetail, askedDetail } from './model-detail.ts';
import type { ModelRequest } from './model-request.ts';
import { readBody } from './read-body.ts';

/** Of a body that is only summed up. */
const MAX_KEPT = 8_388_608;

export class Sighting {
  readonly #host: string;
  readonly #path: string;
  readonly #share: Share;
  readonly #answer: AnswerReader = new AnswerReader();
  #asked: ModelRequest | undefined;
  /** Why nothing is known of the request. */
  #unread: string | undefined;
  #isOther = false;

  constructor(
    host: string,
    path: string,
    allowance: Allowance,
    known: { asked?: ModelRequest | undefined; unread?: string | undefined },
  ) {
    this.#host = host;
    this.#path = path;
    this.#share = new Share(allowance);
    this.#asked = known.asked;
    this.#unread = known.unread;
  }

  /** Looks at the request's body; undefined when it was read before. */
  requestFilter(fields: readonly Field[]): BodyFilter | undefined {
    if (this.#asked !== undefined) return undefined;
    const kept = new KeptBytes(this.#share, MAX_KEPT);
    this.#unread ??= 'its body was not complete';
    const end = (): void => {
      const reading = kept.isWhole
        ? readBody(this.#host, this.#path, fields, kept.bytes())
        : { fault: 'it is too long to be summed up' };
      this.#unread = 'fault' in reading ? reading.fault : undefined;
      this.#asked = 'fault' in reading ? undefined : reading.asked;
      this.#isOther = this.#unread === undefined && this.#asked === undefined;
    };
    return lookingFilter({ push: (content) => kept.push(content), end }, () => {
      this.#unread = 'it could not be summed up';
    });
  }

  readonly answered = ({ fields }: ResponseMessage): ResponseEdit => {
    const look = this.#isOther ? undefined : answerLook(fields, this.#answer, this.#share);
    return { fields, ...(look !== undefined && { body: lookingFilter(look, () => {}) }) };
  };

  /** The exchange is over. */
  detail(): Detail {
    this.#share.release();
    const asked = this.#asked;
    if (asked !== undefined)
      return {
        model_api: asked.api,
        model_streaming: asked.isStreaming,
        ...askedDetail(asked),
        ...answerDetail(this.#answer),
      };
    // Where no model is known to be, a body that is not read is nothing to speak of.
    const isKnown = this.#unread !== undefined && apiAtPath(this.#path)?.known.isTelling === true;
    return isKnown ? { model_unread: this.#unread ?? '' } : {};
  }
}
