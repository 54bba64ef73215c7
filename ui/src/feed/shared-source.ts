// A session's stream and its pages in; its events by the stream while this tab has a place for one, by pages while it has none, out.
import type { StreamWord } from '../../../src/client/client.ts';
import type { EventPage } from '../../../src/schema/api.ts';
import type { Source } from './feed.ts';
import type { Release } from './stream-place.ts';

/** Milliseconds without a word after which the last events before now have come. */
const QUIET = 300;
const BETWEEN_PAGES = 1_000;

export interface Sharing {
  readonly stream: Source;
  readonly page: (after: number) => Promise<EventPage>;
  readonly take: () => Promise<Release | undefined>;
  readonly rest: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What is there already, near its end; then the connection is free again. */
async function* last(stream: Source, signal: AbortSignal): AsyncGenerator<StreamWord, void, undefined> {
  const over = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for await (const word of stream(-1, AbortSignal.any([signal, over.signal]))) {
      clearTimeout(timer);
      yield word;
      timer = setTimeout(() => over.abort(), QUIET);
    }
  } catch (error) {
    if (!over.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

function* wordsOf({ events, fault, isEnd, state }: EventPage): Generator<StreamWord, void, undefined> {
  for (const entry of events) yield { kind: 'event', ...entry };
  if (fault !== undefined) yield { kind: 'fault', fault };
  else if (isEnd && state !== 'running') yield { kind: 'end', state };
}

export function sharedSource({ stream, page, take, rest }: Sharing): Source {
  return async function* words(after, signal) {
    let known = after;
    const seen = (word: StreamWord): StreamWord => {
      if (word.kind === 'event') known = word.seq;
      if (word.kind === 'gap') known = word.gap.before - 1;
      return word;
    };
    while (!signal.aborted) {
      const release = await take();
      try {
        if (release !== undefined) {
          for await (const word of stream(known, signal)) yield seen(word);
          return;
        }
        if (known < 0) for await (const word of last(stream, signal)) yield seen(word);
        const next = await page(known);
        for (const word of wordsOf(next)) yield seen(word);
        if (next.fault !== undefined || (next.isEnd && next.state !== 'running')) return;
        if (next.isEnd) await rest(BETWEEN_PAGES, signal);
      } finally {
        release?.();
      }
    }
  };
}
