// Rows in, a table out; verdicts are told by word and glyph, colour only adds.
import { memo, type ReactNode } from 'react';
import type { Outcome, Row } from '../journal/row.ts';

const GLYPHS: Readonly<Record<Outcome, string>> = { allowed: '✓', denied: '✗', 'would deny': '!' };
const CLASSES: Readonly<Record<Outcome, string>> = { allowed: 'good', denied: 'bad', 'would deny': 'warn' };

function Line({ row }: { readonly row: Row }): ReactNode {
  return (
    <tr>
      <td className="number">{row.seq}</td>
      <td>{row.time}</td>
      <td className={CLASSES[row.outcome]}>
        {GLYPHS[row.outcome]} {row.outcome}
      </td>
      <td>{row.who}</td>
      <td>{row.action}</td>
      <td className="long">{row.resource}</td>
      <td className="long">{row.why}</td>
    </tr>
  );
}

export const EventTable = memo(function EventTable({ rows }: { readonly rows: readonly Row[] }): ReactNode {
  return (
    <div className="scroll">
      <table>
        <caption className="hidden">Events of the session, times in UTC</caption>
        <thead>
          <tr>
            {['#', 'Time (UTC)', 'Verdict', 'Who', 'Action', 'Resource', 'Why'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.seq} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
});
