// The number of an event in; all that is known of it, which policies decided, and what can be done about it, out. Loaded when it is opened.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EventEntry } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { outcome } from '../../journal/row.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import { Verdict } from '../../parts/verdict.tsx';
import { fieldsOf } from './fields.ts';
import { firstAfter } from './follow.ts';
import { PolicyChange } from './policy-change.tsx';
import type { Live } from './use-live.ts';

/** From the feed, or from the journal where the feed has it no more. */
function useEvent({ session, feed, search }: Live): {
  readonly entry?: EventEntry | undefined;
  readonly error: unknown;
} {
  const seq = search.event ?? 0;
  const near = feed.entries[firstAfter(feed.entries, seq - 1)];
  const kept = near?.seq === seq ? near : undefined;
  const { data, error } = useQuery({
    queryKey: ['event', session, seq],
    queryFn: async () => (await client.events(session, { after: seq - 1, limit: 1 })).events[0] ?? null,
    enabled: kept === undefined && feed.connection !== 'connecting',
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { entry: kept ?? (data?.seq === seq ? data : undefined), error };
}

function Decided({ entry: { event }, session }: { readonly entry: EventEntry; readonly session: string }): ReactNode {
  const { policies, reason, effect } = event;
  return (
    <div className="live-decided">
      <Verdict outcome={outcome(event)} />
      {policies.length === 0 ? (
        <span className="quiet">{effect === 'deny' ? 'no policy permits it' : 'no policy was asked'}</span>
      ) : (
        policies.map((id) => (
          <Link key={id} to="/s/$session/policy" params={{ session }} search={{ policy: id } as never}>
            {printable(id)}
          </Link>
        ))
      )}
      {reason !== undefined && <span>{printable(reason)}</span>}
    </div>
  );
}

/** The MCP call that it is or belongs to, and those it may belong to. */
function Calls({ live, entry: { event } }: { readonly live: Live; readonly entry: EventEntry }): ReactNode {
  return event.call?.split(',').map((call) => (
    <button key={call} type="button" onClick={() => live.change({ call })}>
      all of call {printable(call)}
    </button>
  ));
}

export function EventDetail({ live }: { readonly live: Live }): ReactNode {
  const { session, search, change } = live;
  const { entry, error } = useEvent(live);
  return (
    <section className="live-detail" aria-label={`Event ${search.event}`}>
      <div className="live-detail-head">
        <h2>Event {search.event}</h2>
        <button type="button" aria-label="Close the details" onClick={() => change({ event: undefined })}>
          ✕
        </button>
      </div>
      {error !== null && error !== undefined && <Failure error={error} />}
      {entry && (
        <>
          <Decided entry={entry} session={session} />
          <Calls live={live} entry={entry} />
          <PolicyChange live={live} entry={entry} />
          <dl className="live-fields">
            {fieldsOf(entry).map(([name, value]) => (
              <div key={name}>
                <dt>{printable(name)}</dt>
                <dd>
                  <code>{printable(value)}</code>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
