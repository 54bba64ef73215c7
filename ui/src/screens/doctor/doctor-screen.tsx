// What this machine offers, what is missing, and the command that mends it: `leash doctor`, as a page.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { DoctorFinding } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import { conclusionOf, isCommand, markOf, ordered } from './doctor.ts';
import './doctor.css';

function Finding({ finding }: { readonly finding: DoctorFinding }): ReactNode {
  const { name, detail, fix } = finding;
  const { glyph, word, style } = markOf(finding);
  return (
    <li>
      <span className={`doctor-mark ${style}`}>
        <span aria-hidden="true">{glyph}</span> {word}
      </span>
      <strong>{printable(name)}</strong>
      <span className="doctor-detail">{printable(detail)}</span>
      {fix !== undefined && (
        <span className="doctor-fix">
          What to do: {isCommand(fix) ? <code>{printable(fix)}</code> : printable(fix)}
        </span>
      )}
    </li>
  );
}

export function DoctorScreen(): ReactNode {
  const { data, error, isFetching, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['doctor'],
    queryFn: () => client.doctor(),
    staleTime: 60_000,
  });
  return (
    <main id="content" className="screen">
      <h1>Doctor</h1>
      <div className="doctor-bar">
        <button type="button" disabled={isFetching} onClick={() => void refetch()}>
          Look again
        </button>
        <span role="status" className="quiet">
          {isFetching
            ? 'Looking at this machine…'
            : data && `As of ${new Date(dataUpdatedAt).toLocaleTimeString(undefined, { timeStyle: 'medium' })}`}
        </span>
      </div>
      {error && <Failure error={error} />}
      {data && (
        <>
          <p className={data.canStart ? 'good' : 'bad'}>
            {data.canStart ? '✓' : '✗'} {printable(conclusionOf(data))}
          </p>
          <ul className="doctor-list" aria-label="Findings">
            {ordered(data.probes).map((finding) => (
              <Finding key={finding.id} finding={finding} />
            ))}
          </ul>
        </>
      )}
    </main>
  );
}
