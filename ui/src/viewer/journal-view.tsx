// A verified journal in; its verdict on itself, the filter and the table out.
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import type { Journal } from '../journal/open.ts';
import { isShown, type Outcome, row } from '../journal/row.ts';
import { ChainStatus } from './chain-status.tsx';
import { EventTable } from './event-table.tsx';

const MOST_ROWS = 2_000;
const OUTCOMES: readonly (Outcome | 'all')[] = ['all', 'allowed', 'denied', 'would deny'];

export function JournalView({ journal }: { readonly journal: Journal }): ReactNode {
  const [outcome, setOutcome] = useState<Outcome | 'all'>('all');
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const rows = useMemo(() => journal.entries.map(row), [journal]);
  const matching = useMemo(
    () => rows.filter((one) => isShown(one, { outcome, text: wanted })),
    [rows, outcome, wanted],
  );
  const counts = useMemo(() => {
    const sums = { all: rows.length, allowed: 0, denied: 0, 'would deny': 0 };
    for (const one of rows) sums[one.outcome] += 1;
    return sums;
  }, [rows]);

  return (
    <>
      <ChainStatus journal={journal} />
      <search className="filter">
        <fieldset>
          <legend>Verdict</legend>
          {OUTCOMES.map((value) => (
            <label key={value}>
              <input type="radio" name="outcome" checked={outcome === value} onChange={() => setOutcome(value)} />
              {value} <span className="count">{counts[value]}</span>
            </label>
          ))}
        </fieldset>
        <label>
          Text <input type="search" value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <output>
          {matching.length > MOST_ROWS
            ? `first ${MOST_ROWS} of ${matching.length} matching events`
            : `${matching.length} of ${rows.length} events`}
        </output>
      </search>
      <EventTable rows={matching.slice(0, MOST_ROWS)} />
    </>
  );
}
