// A text in; the running session that it is put in force in, or why it was not, out.
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { SessionView } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import { joined } from './learning.ts';
import { useJob } from './use-job.ts';

interface Applied {
  readonly text: string;
  readonly running: readonly SessionView[];
  readonly own: string;
  /** The text is put behind the one in force, in place of replacing it. */
  readonly isAddition: boolean;
}

function targetOf(running: readonly SessionView[], own: string, chosen: string): string {
  const known = [chosen, own].find((id) => running.some((session) => session.id === id));
  return known ?? running[0]?.id ?? '';
}

export function Apply({ text, running, own, isAddition }: Applied): ReactNode {
  const [chosen, setChosen] = useState('');
  const target = targetOf(running, own, chosen);
  // The epoch that the person sees: if somebody edits meanwhile, nothing is put in force.
  const policy = useQuery({
    queryKey: ['policy', target],
    queryFn: () => client.policy(target),
    enabled: target !== '',
  });
  const job = useJob<{ readonly epoch: number; readonly session: string }>();
  if (running.length === 0) return <p>No session runs: save the text as a file and start one with --policy.</p>;
  const view = policy.data;
  const apply = (): void => {
    if (view === undefined) return;
    const whole = isAddition ? joined(view.text, text) : text;
    job.start(async () => {
      const epoch = await client.editPolicy(target, view.epoch, whole);
      await policy.refetch();
      return { epoch, session: target };
    });
  };
  return (
    <>
      <div className="learn-row">
        <label htmlFor="learn-target">Running session</label>
        <select id="learn-target" value={target} onChange={({ target: { value } }) => setChosen(value)}>
          {running.map(({ id, command }) => (
            <option key={id} value={id}>
              {printable(command.join(' ')).slice(0, 60)} ({id})
            </option>
          ))}
        </select>
        <button
          type="button"
          className="primary"
          disabled={text.trim() === '' || view === undefined || job.isRunning}
          onClick={apply}
        >
          Apply
        </button>
        <span className="quiet">
          {view && `${isAddition ? 'adds to' : 'replaces'} the text of epoch ${view.epoch}`}
        </span>
      </div>
      {policy.error && <Failure error={policy.error} />}
      {job.error !== undefined && (
        <>
          <Failure error={job.error} />
          <button type="button" onClick={() => void policy.refetch()}>
            Read the policy again
          </button>
        </>
      )}
      {job.answer && (
        <p role="status" className="good">
          ✓ In force in {job.answer.session}, epoch {job.answer.epoch}
        </p>
      )}
    </>
  );
}
