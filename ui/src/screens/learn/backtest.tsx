// What a backtest found in; its groups, each with examples that lead to their events, out.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { BacktestAnswer, BacktestChange, BacktestGroup } from '../../../../src/schema/learning.ts';
import { printable } from '../../parts/printable.ts';
import { accountOf, counted, reasonOf, verdictLine } from './learning.ts';

const CHANGES = ['newly denied', 'newly asked', 'newly allowed'] as const satisfies readonly BacktestChange[];
const CLASSES: Readonly<Record<BacktestChange, string>> = {
  'newly denied': 'bad',
  'newly asked': 'warn',
  'newly allowed': 'good',
};
const GLYPHS: Readonly<Record<BacktestChange, string>> = {
  'newly denied': '✗',
  'newly asked': '?',
  'newly allowed': '✓',
};

function when(time: number): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

function Group({ group }: { readonly group: BacktestGroup }): ReactNode {
  const { action, place, count, first, last, examples } = group;
  const because = reasonOf(group);
  return (
    <li>
      <p>
        <strong>{count}</strong> × {action} <code>{printable(place)}</code>
      </p>
      <p className="quiet">
        {first === last ? when(first) : `${when(first)} to ${when(last)}`}
        {because === '' ? '' : ` — ${printable(because)}`}
      </p>
      <ul>
        {examples.map(({ session, seq, text }) => (
          <li key={`${session}:${seq}:${text}`}>
            <Link to="/s/$session/live" params={{ session }} search={{ event: seq }}>
              event {seq}
            </Link>{' '}
            <code className="learn-name">{printable(text)}</code>
          </li>
        ))}
      </ul>
    </li>
  );
}

export function Backtest({ found }: { readonly found: BacktestAnswer }): ReactNode {
  const { changes, groups } = found;
  return (
    <section aria-label="Backtest" className="learn-backtest">
      <p role="status">{verdictLine(found)}</p>
      {CHANGES.filter((change) => changes[change] > 0).map((change) => (
        <section key={change} aria-label={change}>
          <h3 className={CLASSES[change]}>
            {GLYPHS[change]} {change}: {counted(changes[change], 'event')}
          </h3>
          <ul>
            {groups
              .filter((group) => group.change === change)
              .map((group) => (
                <Group key={`${group.action} ${group.place} ${group.policies.join(' ')}`} group={group} />
              ))}
          </ul>
        </section>
      ))}
      {accountOf(found).map((line) => (
        <p key={line} className="quiet">
          {printable(line)}
        </p>
      ))}
    </section>
  );
}
