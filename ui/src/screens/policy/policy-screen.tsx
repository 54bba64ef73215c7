// Policy: the text that governs a session, to read, check, change and take back, with what each change would mean.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { PolicyDeskView } from './policy-desk-view.tsx';
import './policy.css';

const LOOKED_AGAIN = 2000;

export function PolicyScreen(): ReactNode {
  const { session = '' } = useParams({ strict: false });
  const state = useQuery({ queryKey: ['session', session], queryFn: () => client.session(session) }).data?.state;
  const policy = useQuery({
    queryKey: ['policy', session],
    queryFn: () => client.policy(session),
    // What somebody else puts in force is seen before it is in the way.
    refetchInterval: state === 'running' ? LOOKED_AGAIN : false,
  });
  return (
    <div className="policy">
      <h1>Policy</h1>
      {policy.error && <Failure error={policy.error} />}
      {policy.data && state && (
        <PolicyDeskView
          key={`${session} ${state}`}
          session={session}
          view={policy.data}
          isOver={state !== 'running'}
          refetch={async () => {
            await policy.refetch();
          }}
        />
      )}
    </div>
  );
}
