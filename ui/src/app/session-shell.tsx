// What stands around the screens of one session: its command and state, and the other screens.
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Failure } from '../parts/failure.tsx';
import { printable } from '../parts/printable.ts';
import { StateBadge } from '../parts/state-badge.tsx';
import { client } from './client.ts';
import { SESSION_SCREENS } from './screens.ts';

export function SessionShell(): ReactNode {
  const { session = '' } = useParams({ strict: false });
  const { data, error } = useQuery({
    queryKey: ['session', session],
    queryFn: () => client.session(session),
    refetchInterval: 5000,
  });
  return (
    <>
      <div className="session-bar">
        <code className="command" title={session}>
          {data ? printable(data.command.join(' ')) : session}
        </code>
        {data && <StateBadge state={data.state} />}
        <nav aria-label="Screens of this session">
          {SESSION_SCREENS.map(({ path, title }) => (
            <Link key={path} to={path} params={{ session }}>
              {title}
            </Link>
          ))}
        </nav>
      </div>
      <main id="content" className="screen">
        {error ? <Failure error={error} /> : <Outlet />}
      </main>
    </>
  );
}
