// A session in; what its shadow statements would have decided otherwise, as its events say, out.
import { type ReactNode, useRef } from 'react';
import { useFeed } from '../../feed/use-feed.ts';
import { ShadowTally } from './shadow-results.ts';

export function Shadow({ session }: { readonly session: string }): ReactNode {
  const { entries } = useFeed(session);
  const tally = useRef<ShadowTally>(undefined);
  tally.current ??= new ShadowTally();
  tally.current.take(entries);
  const results = tally.current.results();
  return (
    <section aria-label="Shadow results">
      <h2>Shadow results</h2>
      {results.length === 0 ? (
        <p className="quiet">
          No event would have been decided otherwise. A statement with <code>@mode("shadow")</code> decides nothing;
          what it would have decided stands here.
        </p>
      ) : (
        <>
          <p>
            With the shadow statements in force these would have been decided otherwise.{' '}
            <code>leash policy explain --event {session}:NUMBER</code> names the statement.
          </p>
          <table className="policy-shadow">
            <thead>
              <tr>
                {['Would be', 'What', 'Times', 'Last event'].map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {results.map(({ action, resource, would, count, last }) => (
                <tr key={`${would} ${action} ${resource}`}>
                  <td className={would === 'deny' ? 'bad' : 'good'}>{would === 'deny' ? '✗ denied' : '✓ allowed'}</td>
                  <td className="policy-resource">
                    {action} {resource}
                  </td>
                  <td className="number">{count}</td>
                  <td className="number">{last}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {tally.current.isCut && <p className="warn">There are more kinds of events than are listed.</p>}
        </>
      )}
    </section>
  );
}
