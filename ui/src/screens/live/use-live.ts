// A session and what the address asks to see in; its feed, sieved and counted, and ways to change the address, out.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { FeedState } from '../../feed/feed.ts';
import { useFeed } from '../../feed/use-feed.ts';
import { Digest } from './digest.ts';
import { testOf } from './filter.ts';
import { Sieve } from './follow.ts';
import type { LiveSearch } from './search.ts';

/** A screen that is left and opened again goes on counting where it was. */
const digests = new Map<string, Digest>();

function digestOf(session: string): Digest {
  const known = digests.get(session) ?? new Digest();
  digests.set(session, known);
  return known;
}

export interface Live {
  readonly session: string;
  readonly search: LiveSearch;
  readonly feed: FeedState;
  readonly digest: Digest;
  readonly sieve: Sieve;
  /** Parts that are undefined are taken out of the address. */
  readonly change: (part: { readonly [Key in keyof LiveSearch]?: LiveSearch[Key] | undefined }) => void;
}

export function useLive(): Live {
  const { session } = useParams({ from: '/s/$session/live' });
  const search = useSearch({ from: '/s/$session/live' });
  const navigate = useNavigate({ from: '/s/$session/live' });
  const feed = useFeed(session);
  const { verdict, action, text, pid, call } = search;
  const sieve = useMemo(
    () =>
      new Sieve(
        testOf({
          ...(verdict !== undefined && { verdict }),
          ...(action !== undefined && { action }),
          ...(text !== undefined && { text }),
          ...(pid !== undefined && { pid }),
          ...(call !== undefined && { call }),
        }),
      ),
    [verdict, action, text, pid, call],
  );
  const digest = digestOf(session);
  // Both take each entry once, however often this is drawn.
  digest.follow(feed.entries);
  sieve.follow(feed.entries);
  const change: Live['change'] = useCallback(
    (part) => {
      void navigate({
        replace: true,
        search: (before) =>
          Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined)),
      });
    },
    [navigate],
  );
  return { session, search, feed, digest, sieve, change };
}
