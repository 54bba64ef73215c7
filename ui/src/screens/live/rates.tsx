// A session's counts in; events and denials a second over the last minutes as a plot, and the same in words, out.
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import type { Second } from './digest.ts';
import { useSecond } from './processes.tsx';
import type { Live } from './use-live.ts';

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

/** The whole last second, not the one that is being counted. */
function words(rows: readonly Second[]): string {
  const last = rows.at(-2);
  const highest = rows.reduce((most, { events }) => Math.max(most, events), 0);
  const denied = rows.reduce((sum, second) => sum + second.denied, 0);
  return `${(last?.events ?? 0).toLocaleString()} events/s, at most ${highest.toLocaleString()}; ${denied.toLocaleString()} denials in ${rows.length / 60} minutes`;
}

export function Rates({ live: { digest, feed } }: { readonly live: Live }): ReactNode {
  const second = useSecond();
  const [rows, setRows] = useState<readonly Second[]>([]);
  const isOver = feed.connection === 'over';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a second is enough
  useEffect(() => setRows(digest.rates(isOver ? 0 : Math.floor(Date.now() / 1000))), [second, digest, isOver]);
  if (rows.length === 0) return null;
  return (
    <figure className="live-rates">
      <figcaption className="quiet">{words(rows)}</figcaption>
      <Suspense>
        <Plot rows={rows} />
      </Suspense>
    </figure>
  );
}
