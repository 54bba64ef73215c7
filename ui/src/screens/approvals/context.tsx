// A question in; what its process did before, and how earlier questions ended, out.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { EventEntry } from '../../../../src/schema/api.ts';
import type { Question } from '../../../../src/schema/approval.ts';
import { client } from '../../app/client.ts';
import { row } from '../../journal/row.ts';
import { Failure } from '../../parts/failure.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { endText } from './question-words.ts';
import { lastOf, type Pages, RecentAnswers } from './recent.ts';

const pages: Pages = (session, query) => client.events(session, query);
const AGAIN = 2_000;
/** Sessions whose journals are looked through for answers: those that run, and the last that did not. */
const ENDED_MAX = 5;

function EventLine({ entry }: { readonly entry: EventEntry }): ReactNode {
  const { time, outcome, action, resource } = row(entry);
  return (
    <li>
      <span className="quiet">{time}</span> <Verdict outcome={outcome} /> <code>{action}</code> <code>{resource}</code>
    </li>
  );
}

export function ProcessContext({
  session,
  question,
}: {
  readonly session: string;
  readonly question: Question;
}): ReactNode {
  const pid = question.who?.pid;
  const { data, error } = useQuery({
    queryKey: ['approvals-context', session, question.id],
    queryFn: () => (pid === undefined ? [] : lastOf(pages, session, pid, question.opened)),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <Failure error={error} />;
  if (data === undefined) return null;
  return (
    <section className="approvals-context">
      <h3>What the process did before</h3>
      {data.length === 0 && <p className="quiet">Nothing that is in the journal.</p>}
      <ul>
        {data.map((entry) => (
          <EventLine key={entry.seq} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

export function RecentList({ open }: { readonly open: number }): ReactNode {
  const [recent] = useState(() => new RecentAnswers(pages));
  const { data = [] } = useQuery({
    queryKey: ['approvals-recent', open],
    queryFn: async () => {
      const { sessions } = await client.sessions();
      const ended = sessions.filter(({ state }) => state !== 'running').slice(0, ENDED_MAX);
      const running = sessions.filter(({ state }) => state === 'running');
      return await recent.read([...running, ...ended].map(({ id }) => id));
    },
    placeholderData: (before) => before,
    refetchInterval: AGAIN,
  });
  return (
    <section className="approvals-recent">
      <h2>Answered lately</h2>
      {data.length === 0 && <p className="quiet">Nothing was asked yet.</p>}
      <ul>
        {data.map((ended) => {
          const { time, who, action, resource } = row(ended);
          const { approval, effect } = ended.event;
          return (
            <li key={`${ended.session}/${ended.seq}`}>
              <span className="quiet">{time}</span>{' '}
              <strong className={effect === 'allow' ? 'good' : 'bad'}>
                {effect === 'allow' ? '✓' : '✗'} {approval && endText(approval.by)}
              </strong>{' '}
              <code>{action}</code> <code>{resource}</code> <span className="quiet">by {who}, in </span>
              <Link to="/s/$session/live" params={{ session: ended.session }}>
                {ended.session}
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
