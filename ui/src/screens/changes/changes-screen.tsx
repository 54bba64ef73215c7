// A session under review in; what its agent changed, and a person's word on each change, out.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { ChangeChoice, ChangeList as Listed } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Failure } from '../../parts/failure.tsx';
import { ChangeList } from './change-list.tsx';
import { type Act, conflictsIn, consequenceOf, countOf, matching, outcomeOf, stillChosen, toggled } from './changes.ts';
import { DiffView } from './diff-view.tsx';
import './changes.css';

interface Asked {
  readonly act: Act;
  readonly choice: ChangeChoice;
  readonly count: number;
}

async function carryOut(session: string, { act, choice }: Asked, force: boolean): Promise<readonly string[]> {
  if (act === 'accept') return outcomeOf(await client.acceptChanges(session, choice, force));
  return [`${countOf((await client.discardChanges(session, choice)).discarded)} discarded.`];
}

const TITLES: Readonly<Record<Act, string>> = { accept: 'Accept', discard: 'Discard' };

function Waiting({ session, list }: { readonly session: string; readonly list: Listed }): ReactNode {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { readonly find?: unknown };
  const find = String(search.find ?? '');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<string>();
  const [asked, setAsked] = useState<Asked>();
  const [force, setForce] = useState(false);
  const done = useMutation({
    mutationFn: (what: Asked) => carryOut(session, what, force),
    onSettled: () => {
      setAsked(undefined);
      setForce(false);
      return queries.invalidateQueries({ queryKey: ['changes', session] });
    },
  });
  const visible = matching(list.changes, find);
  const ids = stillChosen(chosen, list.changes);
  const change = list.changes.find(({ id }) => id === shown) ?? visible[0];
  const ask = (act: Act, choice: ChangeChoice, count: number): void => setAsked({ act, choice, count });
  const conflicts = asked?.act === 'accept' ? conflictsIn(asked.choice, list.changes) : 0;
  return (
    <>
      <div className="changes-bar">
        <label>
          Find{' '}
          <input
            type="search"
            value={find}
            onChange={({ target }) =>
              void navigate({ to: '.', search: target.value === '' ? {} : { find: target.value }, replace: true })
            }
          />
        </label>
        <span role="status">
          {countOf(list.total)} {list.total === 1 ? 'waits' : 'wait'}
          {ids.length > 0 && `, ${ids.length} chosen`}
        </span>
        <span className="changes-acts">
          {(['accept', 'discard'] as const).map((act) => (
            <span key={act}>
              <button type="button" disabled={ids.length === 0} onClick={() => ask(act, { ids }, ids.length)}>
                {TITLES[act]} chosen
              </button>
              <button type="button" disabled={list.total === 0} onClick={() => ask(act, { all: true }, list.total)}>
                {TITLES[act]} all
              </button>
            </span>
          ))}
        </span>
      </div>
      {done.error && <Failure error={done.error} />}
      {done.data && (
        <div className="changes-outcome" role="status">
          {done.data.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      {list.total > list.changes.length && (
        <p className="warn">
          The first {list.changes.length} are listed; “all” means all {list.total}.
        </p>
      )}
      {list.total === 0 && <p>Nothing waits: every change of this session is decided about.</p>}
      {list.total > 0 && visible.length === 0 && <p>No name holds this text.</p>}
      <div className="changes-panes">
        <ChangeList
          changes={visible}
          chosen={chosen}
          shown={change?.id}
          onToggle={(one) => setChosen(toggled(chosen, one, list.changes))}
          onShow={({ id }) => setShown(id)}
        />
        {change && <DiffView session={session} change={change} />}
      </div>
      {asked && (
        <Confirm
          title={`${TITLES[asked.act]} ${countOf(asked.count)}?`}
          word={TITLES[asked.act]}
          isBusy={done.isPending}
          onConfirm={() => done.mutate(asked)}
          onLeave={() => setAsked(undefined)}
        >
          <p>{consequenceOf(asked.act, asked.count)}</p>
          {conflicts > 0 && (
            <label>
              <input type="checkbox" checked={force} onChange={() => setForce(!force)} /> Write over {conflicts} that
              you changed since, too. Your versions are kept beside, and their place is told.
            </label>
          )}
        </Confirm>
      )}
    </>
  );
}

export function ChangesScreen(): ReactNode {
  const { session = '' } = useParams({ strict: false });
  const { data, error } = useQuery({
    queryKey: ['changes', session],
    queryFn: () => client.changes(session),
    // Only the end of the session makes something of nothing.
    refetchInterval: ({ state }) => (state.data?.isOver === false ? 2000 : false),
  });
  return (
    <>
      <h1>Changes</h1>
      {error && <Failure error={error} />}
      {data?.isReviewed === false && (
        <p>
          This session works in your folder itself: nothing is kept aside. Start one with <code>leash --review</code> to
          look at every change before it reaches your files.
        </p>
      )}
      {data?.isReviewed && !data.isOver && (
        <p>The agent is still at work. What it changes is kept aside, and is shown here when the session is over.</p>
      )}
      {data?.isReviewed && data.isOver && <Waiting session={session} list={data} />}
    </>
  );
}
