// A session and a model in, the model with all of the session's events in it out; and the lines that say how far it is.
import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { client } from '../app/client.ts';
import { Failure } from '../parts/failure.tsx';
import { printable } from '../parts/printable.ts';
import { HISTORY_MAX, History, type HistoryState, type Sink } from './history.ts';
import { useFeed } from './use-feed.ts';

/** @param make is called once for each session. */
export function useHistory<Model extends Sink>(
  session: string,
  make: () => Model,
): { readonly history: History<Model>; readonly model: Model; readonly state: HistoryState } {
  const newHistory = (): History<Model> =>
    new History((after, limit) => client.events(session, { after, limit }), make());
  const [held, setHeld] = useState(() => ({ session, history: newHistory() }));
  const current = held.session === session ? held : { session, history: newHistory() };
  if (current !== held) setHeld(current);
  const { history } = current;
  const state = useSyncExternalStore(history.subscribe, history.state);
  return { history, model: history.model, state };
}

function Follow({ session, history }: { readonly session: string; readonly history: History<Sink> }): ReactNode {
  const { entries, version } = useFeed(session);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the entries grow in place, and the version says so
  useEffect(() => history.follow(entries), [history, entries, version]);
  return null;
}

/** Follows a session that runs, and says what is not shown. */
export function HistoryStatus({
  session,
  history,
  state,
}: {
  readonly session: string;
  readonly history: History<Sink>;
  readonly state: HistoryState;
}): ReactNode {
  const { isLoading, isCut, error, fault, count } = state;
  return (
    <>
      {!isLoading && state.state === 'running' && <Follow session={session} history={history} />}
      {isLoading && <p role="status">Reading the journal: {count.toLocaleString()} events…</p>}
      {isCut && (
        <p className="warn">
          Only the first {HISTORY_MAX.toLocaleString()} events are shown; <code>leash events</code> has all.
        </p>
      )}
      {fault && (
        <p className="bad" role="alert">
          ✗ From here on the journal cannot be trusted: {printable(fault.message)}
        </p>
      )}
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
