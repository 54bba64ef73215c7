// An event in; a statement about it, as wide as a person chooses, what it would change, and that change made, out.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ApiError } from '../../../../src/client/client.ts';
import type { EventEntry, PolicyDifference } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import { type Choice, hasProgram, obstacleOf, programOf, scopesOf, statementOf, withStatement } from './statement.ts';
import type { Live } from './use-live.ts';

const CONFLICT = 412;

function Difference({ difference }: { readonly difference: PolicyDifference }): ReactNode {
  return (
    <div className="live-difference">
      {difference.paragraphs.map(({ heading, lines }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two may say the same, and none moves
        <div key={index}>
          <p className={difference.isWider ? 'warn' : ''}>{printable(heading)}</p>
          {lines.map((line) => (
            <p key={line} className="quiet">
              {printable(line)}
            </p>
          ))}
        </div>
      ))}
    </div>
  );
}

interface EditorProps {
  readonly session: string;
  readonly entry: EventEntry;
  readonly effect: Choice['effect'];
  readonly onClose: () => void;
}

function Editor({ session, entry, effect, onClose }: EditorProps): ReactNode {
  const queries = useQueryClient();
  const scopes = scopesOf(entry.event);
  const [chosen, setChosen] = useState(scopes[0]?.id);
  const [isOne, setIsOne] = useState(false);
  const [isKept, setIsKept] = useState(false);
  const scope = scopes.find(({ id }) => id === chosen) ?? scopes[0];
  const policy = useQuery({ queryKey: ['policy', session], queryFn: () => client.policy(session), staleTime: 0 });
  const isTold = scope !== undefined && hasProgram(scope, entry.event);
  const before = policy.data;
  const statement =
    scope === undefined || before === undefined
      ? undefined
      : statementOf(entry, { effect, scope, isProgramOnly: isOne && isTold }, before.text);
  const text = statement === undefined ? undefined : withStatement(before?.text ?? '', statement);
  const difference = useQuery({
    queryKey: ['policy-diff', session, before?.epoch, text],
    queryFn: () => client.diffPolicy(session, text ?? ''),
    enabled: text !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const apply = useMutation({
    mutationFn: () => client.editPolicy(session, before?.epoch ?? 0, text ?? '', isKept),
    // Somebody was faster: what they wrote is read, and what this would change of it is shown, before it is asked again.
    onError: (error) => {
      if (error instanceof ApiError && error.status === CONFLICT) void policy.refetch();
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['policy', session] }),
  });
  if (apply.isSuccess)
    return (
      <p className="good" role="status">
        ✓ In force since epoch {apply.data}. It holds for what comes from now on.
      </p>
    );
  if (scope === undefined) return <p className="warn">No statement can name this exactly.</p>;
  return (
    <form
      className="live-editor"
      onSubmit={(event) => {
        event.preventDefault();
        apply.mutate();
      }}
    >
      <fieldset>
        <legend>{effect === 'permit' ? 'Allow' : 'Forbid'}</legend>
        {scopes.map(({ id, label }) => (
          <label key={id}>
            <input type="radio" name="scope" checked={id === scope.id} onChange={() => setChosen(id)} />
            <span>{printable(label)}</span>
          </label>
        ))}
        {isTold && (
          <label>
            <input type="checkbox" checked={isOne} onChange={({ target }) => setIsOne(target.checked)} />
            <span>this program only: {printable(programOf(entry.event))}</span>
          </label>
        )}
        {before?.file !== undefined && (
          <label>
            <input type="checkbox" checked={isKept} onChange={({ target }) => setIsKept(target.checked)} />
            <span>also write it to {printable(before.file)}</span>
          </label>
        )}
      </fieldset>
      <h3>The statement</h3>
      {statement !== undefined && <pre className="live-statement">{statement}</pre>}
      <h3>What it changes</h3>
      {difference.isFetching && <p role="status">Comparing…</p>}
      {difference.data && <Difference difference={difference.data} />}
      {[policy.error, difference.error, apply.error].map((error, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: three places
        error === null ? null : <Failure key={index} error={error} />,
      )}
      {apply.error instanceof ApiError && apply.error.status === CONFLICT && (
        <p className="warn">
          The policy was edited meanwhile and has been read again: look at the change, then apply it.
        </p>
      )}
      <div className="live-actions">
        <button type="submit" className="primary" disabled={difference.data === undefined || apply.isPending}>
          {apply.isPending ? 'Applying…' : 'Apply'}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** What can be done, or why nothing can. */
export function PolicyChange({ live, entry }: { readonly live: Live; readonly entry: EventEntry }): ReactNode {
  const { session, feed } = live;
  const [isOpen, setIsOpen] = useState(false);
  const obstacle = obstacleOf(entry.event);
  const effect = entry.event.effect === 'deny' ? 'permit' : 'forbid';
  if (obstacle?.is === 'own') return <p className="quiet">Leash itself refuses this; no policy can permit it.</p>;
  if (obstacle?.is === 'asked')
    return (
      <p>
        A person decides this: <Link to="/approvals">answer such questions</Link>, or{' '}
        <Link to="/s/$session/policy" params={{ session }}>
          change the policy
        </Link>
        .
      </p>
    );
  if (obstacle?.is === 'forbidden')
    return (
      <p className="warn">
        A forbid wins over every permit, so none can lift this. Make an exception in{' '}
        {obstacle.policies.map((id) => (
          <Link key={id} to="/s/$session/policy" params={{ session }} search={{ policy: id } as never}>
            {printable(id)}
          </Link>
        ))}
        .
      </p>
    );
  if (feed.connection === 'over')
    return <p className="quiet">The session is over: its policy does not change any more.</p>;
  if (scopesOf(entry.event).length === 0) return null;
  if (isOpen) return <Editor session={session} entry={entry} effect={effect} onClose={() => setIsOpen(false)} />;
  return (
    <div className="live-actions">
      <button type="button" onClick={() => setIsOpen(true)}>
        {effect === 'permit' ? 'Allow this…' : 'Forbid this…'}
      </button>
    </div>
  );
}
