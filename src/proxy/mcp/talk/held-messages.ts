// Messages about which a person is asked enter; what tells that nobody waits for them any more leaves, and who is to be told that they wait.
import type { RequestMessage } from '../../../mcp/message.ts';
import { idKey } from '../../../mcp/open-calls.ts';
import { type Allowance, Share } from '../../exchange/allowance.ts';
import { tellWaiting } from '../waiting-calls.ts';

/** Of one connection. */
const MAX_HELD = 64;

/** One message or batch, until it is let go. */
export class HeldMessage {
  /** Of its requests, as `idKey` has them. */
  readonly keys: readonly string[];
  readonly #controller: AbortController = new AbortController();
  readonly #letGo: (message: HeldMessage) => void;
  #isCancelled = false;

  constructor(keys: readonly string[], letGo: (message: HeldMessage) => void) {
    this.keys = keys;
    this.#letGo = letGo;
  }

  /** Nobody waits any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The client took it back, and expects no answer. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  cancel(): void {
    this.#isCancelled = true;
    this.abort();
  }

  abort(): void {
    this.#controller.abort();
  }

  /** There is a word, and it is held no more. */
  letGo(): void {
    this.#letGo(this);
  }
}

export class HeldMessages {
  readonly #allowance: Allowance;
  readonly #tell: (notification: string) => void;
  readonly #held: Set<HeldMessage> = new Set();
  #wakers: (() => void)[] = [];
  #isOver = false;

  /** @param tell the client, every ten seconds, for each request that has a progress token */
  constructor(allowance: Allowance, tell: (notification: string) => void) {
    this.#allowance = allowance;
    this.#tell = tell;
  }

  get keys(): ReadonlySet<string> {
    return new Set([...this.#held].flatMap(({ keys }) => keys));
  }

  /** @returns one whose signal says at once that nobody waits, when no more can be held. */
  hold(bytes: number, requests: readonly RequestMessage[]): HeldMessage {
    const share = new Share(this.#allowance);
    const tellNoMore = tellWaiting(requests, this.#tell);
    const keys = requests.map(({ id }) => idKey(id));
    const message = new HeldMessage(keys, (held) => {
      tellNoMore();
      share.release();
      this.#held.delete(held);
      if (this.#held.size > 0) return;
      for (const wake of this.#wakers.splice(0)) wake();
    });
    if (this.#isOver || this.#held.size >= MAX_HELD || !share.take(bytes)) message.abort();
    this.#held.add(message);
    return message;
  }

  /** @returns whether a request with this key was held. */
  cancel(key: string): boolean {
    const message = [...this.#held].find(({ keys }) => keys.includes(key));
    message?.cancel();
    return message !== undefined;
  }

  /** No answer can come any more: nobody waits for one. */
  end(): void {
    this.#isOver = true;
    for (const message of this.#held) message.abort();
  }

  /** Resolves when nothing is held. */
  async none(): Promise<void> {
    if (this.#held.size > 0) await new Promise<void>((resolve) => this.#wakers.push(resolve));
  }
}
