// All sessions of the user: what ran, for how long, how it ended, what was stopped. Order and filter stand in the address.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SessionView } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { COLUMNS, durationText, lasted, matching, nextOrder, type Order, orderIn, sorted } from './sessions.ts';
import { StopButton } from './stop-button.tsx';
import './sessions.css';

function when(time: number): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

function Line({ session, now }: { readonly session: SessionView; readonly now: number }): ReactNode {
  const { id, command, state, mode, backend, started, denied, exitCode, workspace, reviewed } = session;
  const duration = lasted(session, now);
  return (
    <tr>
      <td>
        <Link to="/s/$session/live" params={{ session: id }} title={id}>
          <code className="sessions-command">{printable(command.join(' '))}</code>
        </Link>
        {state !== 'running' && (reviewed ?? []).length > 0 && (
          <Link className="sessions-changes" to="/s/$session/changes" params={{ session: id }}>
            Changes
          </Link>
        )}
      </td>
      <td>
        <StateBadge state={state} />
      </td>
      <td className="sessions-time">{when(started)}</td>
      <td className="number sessions-time">{duration === undefined ? '' : durationText(duration)}</td>
      <td>{mode}</td>
      <td>{backend}</td>
      <td className={denied ? 'number bad' : 'number'}>{denied ?? ''}</td>
      <td className="number">{exitCode ?? ''}</td>
      <td>
        <code>{printable(workspace)}</code>
      </td>
      <td>{state === 'running' && <StopButton session={session} />}</td>
    </tr>
  );
}

interface TableOf {
  readonly sessions: readonly SessionView[];
  readonly order: Order;
  readonly now: number;
  readonly onOrder: (word: string) => void;
}

function Table({ sessions, order, now, onOrder }: TableOf): ReactNode {
  return (
    <section className="scroll" aria-label="Table of sessions" tabIndex={-1}>
      <table>
        <thead>
          <tr>
            {Object.keys(COLUMNS).map((title) => {
              const isBy = order.by === title;
              return (
                <th key={title} scope="col" aria-sort={!isBy ? 'none' : order.isUp ? 'ascending' : 'descending'}>
                  <button type="button" className="sessions-title" onClick={() => onOrder(nextOrder(order, title))}>
                    {title}
                    <span aria-hidden="true">{isBy ? (order.isUp ? ' ▲' : ' ▼') : ''}</span>
                  </button>
                </th>
              );
            })}
            <td />
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <Line key={session.id} session={session} now={now} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function SessionsScreen(): ReactNode {
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { readonly find?: unknown; readonly sort?: unknown };
  const find = String(search.find ?? '');
  const sort = String(search.sort ?? '');
  const { data, error, dataUpdatedAt } = useQuery({
    queryKey: ['sessions'],
    queryFn: () => client.sessions(),
    refetchInterval: 2000,
  });
  const go = (next: { readonly find: string; readonly sort: string }): void => {
    const said = Object.fromEntries(Object.entries(next).filter(([, word]) => word !== ''));
    void navigate({ to: '/', search: said, replace: true });
  };
  const all = data?.sessions ?? [];
  const order = orderIn(sort);
  const shown = sorted(matching(all, find), order, dataUpdatedAt);
  return (
    <main id="content" className="screen">
      <h1>Sessions</h1>
      {error && <Failure error={error} />}
      {data && all.length === 0 && (
        <p>
          No session yet. Start one: <code>leash claude</code>
        </p>
      )}
      {all.length > 0 && (
        <>
          <div className="sessions-bar">
            <label>
              Find <input type="search" value={find} onChange={({ target }) => go({ find: target.value, sort })} />
            </label>
            <span role="status" className="quiet">
              {shown.length === all.length ? `${all.length} in all` : `${shown.length} of ${all.length}`}
            </span>
          </div>
          <Table sessions={shown} order={order} now={dataUpdatedAt} onOrder={(word) => go({ find, sort: word })} />
        </>
      )}
      {data?.unreadable.map((id) => (
        <p key={id} className="warn">
          The record of <code>{printable(id)}</code> cannot be read.
        </p>
      ))}
    </main>
  );
}
