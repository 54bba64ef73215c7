// Questions in; each told to the person's webhook, signed, tried again a bounded number of times, out. Nobody waits for it.
import type { Question } from '../../schema/approval.ts';
import { questionMessage } from './message.ts';
import { type Post, poster } from './post.ts';
import { signedHeaders } from './signature.ts';

/** An agent that asks much must not make this machine a flood for the receiver, nor for itself. */
const MOST_WAITING = 64;
const MOST_UNDER_WAY = 4;
/** Milliseconds between the starts of two messages. */
const PACE = 250;
/** Milliseconds before each further attempt. */
const AGAIN = [2_000, 8_000, 30_000];
/** Of answers that stay as they are: moved elsewhere, which is not followed, and gone. */
const isFinal = (outcome: number | string): boolean =>
  typeof outcome === 'number' && ((outcome >= 300 && outcome < 400) || outcome === 410);

export interface WebhookOptions {
  readonly url: string;
  readonly secret: Buffer;
  /** A person should know, once: the first message that did not arrive. No part of the URL but its host. */
  readonly failed: (line: string) => void;
  readonly post?: Post;
}

interface Waiting {
  readonly session: string;
  readonly question: Question;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}

function reason(outcome: number | string): string {
  if (typeof outcome === 'string') return outcome;
  return outcome >= 300 && outcome < 400
    ? `it answers ${outcome}, and redirects are not followed`
    : `it answers ${outcome}`;
}

export class Webhook {
  readonly #options: WebhookOptions;
  readonly #post: Post;
  readonly #waiting: Waiting[] = [];
  #underWay = 0;
  #missed = 0;
  #last = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#post = options.post ?? poster();
  }

  tell(question: Question, session: string): void {
    if (this.#waiting.length >= MOST_WAITING) this.#miss('more questions were asked than it can be sent');
    else this.#waiting.push({ session, question });
    this.#next();
  }

  #next(): void {
    if (this.#timer !== undefined || this.#underWay >= MOST_UNDER_WAY || this.#waiting.length === 0) return;
    const wait = this.#last + PACE - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#next();
      }, wait).unref();
      return;
    }
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#last = performance.now();
    this.#underWay++;
    void this.#deliver(next).finally(() => {
      this.#underWay--;
      this.#next();
    });
    this.#next();
  }

  /** A question that ended meanwhile is not sent any more. */
  async #deliver({ session, question }: Waiting): Promise<void> {
    const { url, secret } = this.#options;
    const id = `${session}-${question.id}`;
    const missed = this.#missed;
    const body = questionMessage(session, question, missed);
    let outcome: number | string = 'its time was over before its turn came';
    for (const pause of [0, ...AGAIN]) {
      if (pause > 0) await sleep(pause);
      if (Date.now() >= question.expires) break;
      outcome = await this.#post(url, signedHeaders(secret, id, body, Date.now()), body);
      if (typeof outcome === 'number' && outcome >= 200 && outcome < 300) {
        this.#missed -= missed;
        return;
      }
      this.#fail(outcome);
      if (isFinal(outcome)) break;
    }
    this.#miss(reason(outcome));
  }

  #miss(why: string): void {
    this.#missed++;
    this.#fail(why);
  }

  #fail(outcome: number | string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const { host } = new URL(this.#options.url);
    this.#options.failed(
      `the approvals webhook at ${host} was not reached: ${reason(outcome)}; this is said once, and \`leash approvals\` lists what is open`,
    );
  }
}
