// Density of the lanes and the moment in; bars on one clock out, and the same as a table.
import { memo, type ReactNode } from 'react';
import type { EventEntry } from '../../../../src/schema/api.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { elapsedText } from './clock.ts';
import { barsOf, type Density, densityOf, LANE_TITLES, LANES } from './lanes.ts';

const COLUMNS = 240;
const HEIGHT = 28;
const ROWS = 20;

const Bars = memo(function Bars({ density }: { readonly density: Density }): ReactNode {
  return LANES.map((lane) => (
    <div key={lane} className="timeline-lane">
      <span>{LANE_TITLES[lane]}</span>
      <svg
        className={`timeline-bars timeline-${lane}`}
        viewBox={`0 0 ${COLUMNS} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={barsOf(density[lane], HEIGHT)} />
      </svg>
    </div>
  ));
});

/** @param at from 0, the beginning, to 1, the end */
export function Lanes({ density, at }: { readonly density: Density; readonly at: number }): ReactNode {
  return (
    <div className="timeline-lanes">
      <Bars density={density} />
      <div className="timeline-cursor" aria-hidden="true">
        <div style={{ left: `${at * 100}%` }} />
      </div>
    </div>
  );
}

interface Span {
  readonly entries: readonly EventEntry[];
  readonly start: number;
  readonly end: number;
}

export function lanesDensity({ entries, start, end }: Span): Density {
  return densityOf(entries, start, end, COLUMNS);
}

function Table({ entries, start, end }: Span): ReactNode {
  const density = densityOf(entries, start, end, ROWS);
  return (
    <Scroll label="Events by time and lane">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            {LANES.map((lane) => (
              <th key={lane} scope="col">
                {LANE_TITLES[lane]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: ROWS }, (_, row) => row).map((row) => (
            <tr key={row}>
              <th scope="row">{elapsedText(((end - start) * row) / ROWS)}</th>
              {LANES.map((lane) => (
                <td key={lane} className="number">
                  {density[lane][row]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Counted only while it is open. */
export function LanesTable({
  isOpen,
  onToggle,
  ...span
}: Span & { readonly isOpen: boolean; onToggle(isOpen: boolean): void }): ReactNode {
  return (
    <details open={isOpen} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>The lanes as a table</summary>
      {isOpen && <Table {...span} />}
    </details>
  );
}
