// A running session in; the request to end it, once a person said so, out.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { SessionView } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';

export function StopButton({ session: { id, command, reviewed } }: { readonly session: SessionView }): ReactNode {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const stop = useMutation({
    mutationFn: () => client.stop(id),
    onSuccess: () => {
      setAsked(false);
      return queries.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  const name = printable(command.join(' '));
  return (
    <>
      <button type="button" aria-label={`Stop ${name}`} disabled={stop.isSuccess} onClick={() => setAsked(true)}>
        {stop.isSuccess ? 'Stopping…' : 'Stop'}
      </button>
      {isAsked && (
        <Confirm
          title="Stop this session?"
          word="Stop it"
          isBusy={stop.isPending}
          onConfirm={() => stop.mutate()}
          onLeave={() => setAsked(false)}
        >
          <p>
            <code>{name}</code>
          </p>
          <p>
            The agent and every process it started are ended within some seconds, and cannot go on. Its journal stays
            {(reviewed ?? []).length > 0 && '; what it changed waits under Changes'}.
          </p>
          {stop.error && <Failure error={stop.error} />}
        </Confirm>
      )}
    </>
  );
}
