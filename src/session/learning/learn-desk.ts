// What is asked of recorded sessions in, the answer out, made in a thread of its own: one at a time, and never for longer than it may take.
import { Worker } from 'node:worker_threads';
import { LeashError } from '../../host/errors.ts';
import type { BacktestAnswer, SuggestionAnswer } from '../../schema/learning.ts';
import type { LearnAnswer, LearnOrder } from './learn-thread.ts';

type AnswerTo<Order extends LearnOrder> = Order extends { readonly kind: 'suggest' }
  ? SuggestionAnswer
  : BacktestAnswer;

/** Megabytes of heap. */
const MAX_HEAP_MB = 1_024;
/** Milliseconds for one answer. */
const PATIENCE = 120_000;

export class LearnDesk {
  readonly #patience: number;
  #isBusy = false;

  constructor(patience: number = PATIENCE) {
    this.#patience = patience;
  }

  /**
   * The thread ends with `signal`.
   * @throws {LeashError} LEASH_API_BUSY while another is answered, LEASH_API_LIMIT, LEASH_POLICY_INVALID, LEASH_WORKSPACE, LEASH_JOURNAL_CORRUPT
   */
  async answer<Order extends LearnOrder>(order: Order, signal: AbortSignal): Promise<AnswerTo<Order>> {
    if (this.#isBusy)
      throw new LeashError('LEASH_API_BUSY', 'a suggestion or a backtest is being made already, and one is at a time');
    this.#isBusy = true;
    try {
      return (await this.#inThread(order, signal)) as AnswerTo<Order>;
    } finally {
      this.#isBusy = false;
    }
  }

  async #inThread(order: LearnOrder, signal: AbortSignal): Promise<SuggestionAnswer | BacktestAnswer> {
    signal.throwIfAborted();
    const worker = new Worker(new URL('./learn-thread.js', import.meta.url), {
      workerData: order,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    let timer: NodeJS.Timeout | undefined;
    let left: (() => void) | undefined;
    try {
      const said = await new Promise<LearnAnswer>((resolve, reject) => {
        const limit = (what: string): void => reject(new LeashError('LEASH_API_LIMIT', what));
        left = () => reject(signal.reason);
        signal.addEventListener('abort', left, { once: true });
        timer = setTimeout(() => limit(`there is no answer within ${this.#patience / 1000} s`), this.#patience);
        worker.once('message', resolve);
        worker.once('error', (error: NodeJS.ErrnoException) =>
          error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? limit(`it needs more than ${MAX_HEAP_MB} MB`) : reject(error),
        );
        worker.once('exit', () => reject(new Error('the thread ended without an answer')));
      });
      if ('answer' in said) return said.answer;
      const { code, message, details } = said.fault;
      throw new LeashError(code, message, { details });
    } finally {
      clearTimeout(timer);
      if (left !== undefined) signal.removeEventListener('abort', left);
      await worker.terminate();
    }
  }
}
