// The thread of learn-desk.ts: sessions and what is asked of them in, one answer or a fault out.
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, LeashError } from '../../host/errors.ts';
import type { BacktestAnswer, SuggestionAnswer } from '../../schema/learning.ts';
import { backtestAnswer, suggestionAnswer } from './answers.ts';
import { type SuggestWishes, suggestFrom } from './suggest-from.ts';
import { type TriedOn, tryPolicy } from './try-policy.ts';

/** What the thread is started with. */
export type LearnOrder =
  | ({ readonly kind: 'suggest' } & TriedOn & Omit<SuggestWishes, 'since'>)
  | ({ readonly kind: 'backtest'; readonly text: string } & TriedOn);

export type LearnAnswer =
  | { readonly answer: SuggestionAnswer | BacktestAnswer }
  | {
      readonly fault: { readonly code: ErrorCode; readonly message: string; readonly details: readonly string[] };
    };

const NICENESS = 5;

async function answerTo(order: LearnOrder): Promise<SuggestionAnswer | BacktestAnswer> {
  if (order.kind === 'suggest') return suggestionAnswer(await suggestFrom(order.sessions, order));
  // Nothing is kept of it: a text that somebody tries is not worth the room in the cache.
  return backtestAnswer(await tryPolicy({ name: 'text', text: order.text }, order));
}

/** setpriority(2) of 0 means this thread alone, on Linux: verdicts of the session in whose process it runs come first, and it still gets its share. */
os.setPriority(0, NICENESS);

answerTo(workerData as LearnOrder).then(
  (answer) => parentPort?.postMessage({ answer } satisfies LearnAnswer),
  (error: unknown) => {
    if (!(error instanceof LeashError)) throw error;
    const { code, message, details } = error;
    parentPort?.postMessage({ fault: { code, message, details } } satisfies LearnAnswer);
  },
);
