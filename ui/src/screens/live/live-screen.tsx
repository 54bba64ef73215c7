// A session in; its events as they come, its processes, its rates, and one event's details with what can be done about it, out.
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useReducer, useState } from 'react';
import { Failure } from '../../parts/failure.tsx';
import { EventList } from './event-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import './live.css';
import { useJournalPages } from './journal-pages.ts';
import { Processes } from './processes.tsx';
import { Rates } from './rates.tsx';
import { Totals } from './totals.tsx';
import { type Live, useLive } from './use-live.ts';

const EventDetail = lazy(async () => ({ default: (await import('./event-detail.tsx')).EventDetail }));

function WholeJournal({ live }: { readonly live: Live }): ReactNode {
  const { session, search, change } = live;
  const pages = useJournalPages(session, search, true);
  const [isFollowing, setIsFollowing] = useState(false);
  const { entries, isReading, hasMore, more, error } = pages;
  return (
    <>
      <p className="live-notice" role="status">
        <strong>The whole journal</strong>: {entries.length.toLocaleString()} events{isReading ? ', reading…' : ''}
        {hasMore && !isReading && (
          <button type="button" onClick={more}>
            Search on
          </button>
        )}
        <button type="button" onClick={() => change({ journal: undefined })}>
          Back to what comes
        </button>
      </p>
      {error !== undefined && <Failure error={error} />}
      <EventList
        entries={entries}
        version={entries.length}
        isFollowing={isFollowing}
        onFollow={setIsFollowing}
        chosen={search.event}
        onChoose={(event) => change({ event })}
      />
    </>
  );
}

/** Why the list may lack something, and where that is. */
function Lacking({ live: { feed, change } }: { readonly live: Live }): ReactNode {
  const isLacking = feed.gaps.length > 0 || (feed.entries[0]?.seq ?? 0) > 0;
  return (
    <p className={isLacking ? 'live-notice' : 'live-notice quiet'}>
      {isLacking ? 'Older events are not kept here. ' : ''}
      <button type="button" onClick={() => change({ journal: true })}>
        Search the whole journal
      </button>
    </p>
  );
}

function Stream({ live }: { readonly live: Live }): ReactNode {
  const { feed, sieve, search, change } = live;
  const [isFollowing, setIsFollowing] = useState(true);
  const [turn, redraw] = useReducer((count: number) => count + 1, 0);
  const follow = useCallback(
    (isOn: boolean) => {
      if (isOn) sieve.release();
      else sieve.hold();
      setIsFollowing(isOn);
      redraw();
    },
    [sieve],
  );
  // Another filter is another list, and begins at its end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `sieve` is what changes
  useEffect(() => setIsFollowing(true), [sieve]);
  sieve.follow(feed.entries);
  const { shown, waiting } = sieve;
  return (
    <>
      <div className="live-stream">
        <EventList
          entries={shown}
          version={feed.version + turn}
          isFollowing={isFollowing}
          onFollow={follow}
          chosen={search.event}
          onChoose={(event) => change({ event })}
        />
        {shown.length === 0 && <p className="live-nothing quiet">No such event yet.</p>}
        {!isFollowing && (
          <button type="button" className="live-new primary" onClick={() => follow(true)}>
            {waiting === 0 ? 'To the end ↓' : `${waiting.toLocaleString()} new ${waiting === 1 ? 'event' : 'events'} ↓`}
          </button>
        )}
      </div>
      <Lacking live={live} />
    </>
  );
}

function Connection({ live: { feed } }: { readonly live: Live }): ReactNode {
  switch (feed.connection) {
    case 'connecting':
      return <span className="warn">connecting…</span>;
    case 'failed':
      return <span className="bad">the stream failed</span>;
    case 'over':
      return <span className="quiet">all there is</span>;
    case 'open':
      return <span className="good">live</span>;
  }
}

export function LiveScreen(): ReactNode {
  const live = useLive();
  const { search, feed, change } = live;
  const isOpen = search.event !== undefined;
  useEffect(() => {
    if (!isOpen) return undefined;
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) change({ event: undefined });
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [isOpen, change]);
  return (
    <div className={isOpen ? 'live live-with-detail' : 'live'}>
      <div className="live-head">
        <h1>
          Live <small>{<Connection live={live} />}</small>
        </h1>
        <Totals live={live} />
      </div>
      <FilterBar live={live} />
      {feed.fault && <Failure error={new Error(feed.fault.message)} />}
      <div className="live-body">
        <aside className="live-side">
          <Rates live={live} />
          <Processes live={live} />
        </aside>
        <section className="live-main" aria-label="Events">
          {search.journal ? <WholeJournal live={live} /> : <Stream live={live} />}
        </section>
        {isOpen && (
          <Suspense>
            <EventDetail key={search.event} live={live} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
