// Counts of a session in; a line of them, the denials first, out. The denials are a switch that shows nothing else.
import type { ReactNode } from 'react';
import type { ActionClass } from './digest.ts';
import type { Live } from './use-live.ts';

const CLASSES: readonly ActionClass[] = ['files', 'programs', 'network', 'tools', 'other'];

export function Totals({ live: { digest, search, change } }: { readonly live: Live }): ReactNode {
  const { outcomes, classes, missed } = digest;
  const isDenied = search.verdict === 'denied';
  return (
    <div className="live-totals">
      <button
        type="button"
        className={outcomes.denied > 0 ? 'live-denials bad' : 'live-denials'}
        aria-pressed={isDenied}
        title="Only denials (d)"
        onClick={() => change({ verdict: isDenied ? undefined : 'denied' })}
      >
        ✗ <strong>{outcomes.denied.toLocaleString()}</strong> denied
      </button>
      {outcomes['would deny'] > 0 && (
        <button
          type="button"
          className="warn"
          aria-pressed={search.verdict === 'would deny'}
          onClick={() => change({ verdict: search.verdict === 'would deny' ? undefined : 'would deny' })}
        >
          ! <strong>{outcomes['would deny'].toLocaleString()}</strong> would deny
        </button>
      )}
      <span className="good">✓ {outcomes.allowed.toLocaleString()} allowed</span>
      {CLASSES.filter((each) => classes[each] > 0).map((each) => (
        <span key={each} className="quiet">
          {each} {classes[each].toLocaleString()}
        </span>
      ))}
      {missed > 0 && <span className="warn">{missed.toLocaleString()} more were not counted here</span>}
    </div>
  );
}
