// What the address asks to see in; the events of the whole journal that are so, page by page, out.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { EventEntry } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { queryOf, testOf } from './filter.ts';
import type { LiveSearch } from './search.ts';

const PAGE = 500;

export interface JournalPages {
  readonly entries: readonly EventEntry[];
  readonly error: unknown;
  readonly isReading: boolean;
  readonly hasMore: boolean;
  readonly more: () => void;
}

export function useJournalPages(session: string, search: LiveSearch, isAsked: boolean): JournalPages {
  const query = queryOf(search);
  const { verdict } = search;
  const { data, error, isFetching, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['journal', session, query],
    queryFn: ({ pageParam }) => client.events(session, { ...query, after: pageParam, limit: PAGE }),
    initialPageParam: -1,
    getNextPageParam: ({ last, isEnd }) => (isEnd ? undefined : last),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const entries = useMemo(() => {
    const isAmong = testOf(verdict === undefined ? {} : { verdict });
    return (data?.pages ?? []).flatMap(({ events }) => events.filter(isAmong));
  }, [data, verdict]);
  const fault = data?.pages.find((page) => page.fault !== undefined)?.fault;
  return {
    entries,
    error: error ?? (fault === undefined ? undefined : new Error(fault.message)),
    isReading: isFetching,
    hasMore: hasNextPage,
    more: () => void fetchNextPage(),
  };
}
