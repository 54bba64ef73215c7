// A verified journal in; what its chain proves, and what it does not, in words out.
import type { ReactNode } from 'react';
import type { Journal } from '../journal/open.ts';
import { printable } from '../parts/printable.ts';

/** What could not be checked, because the file that would say so was not opened. */
function gaps(journal: Journal): readonly string[] {
  const notes: string[] = [];
  if (!journal.isStartChecked) {
    notes.push('Not checked: whether events before the first one were cut off. Open session.json as well.');
  }
  if (!journal.isEndChecked && journal.fault === undefined) {
    notes.push(
      journal.session === undefined
        ? 'Not checked: whether events after the last one were cut off. Open session.json as well.'
        : 'Not checked: whether events after the last one were cut off. The session has no recorded end.',
    );
  }
  if (journal.unfinished > 0) {
    notes.push(`The last line has no end (${journal.unfinished} bytes): it was being written, or Leash was killed.`);
  }
  return notes;
}

function Facts({ journal }: { readonly journal: Journal }): ReactNode {
  const { session } = journal;
  if (session === undefined) return <p>{printable(journal.names.join(', '))}</p>;
  return (
    <p>
      Session <code>{printable(session.id)}</code> · <code>{printable(session.command.join(' '))}</code> ·{' '}
      {printable(session.mode)} · policy <code>{printable(session.policy)}</code>
    </p>
  );
}

export function ChainStatus({ journal }: { readonly journal: Journal }): ReactNode {
  const { fault, entries } = journal;
  return (
    <section aria-label="Integrity" aria-live="polite">
      <Facts journal={journal} />
      {fault === undefined ? (
        <p className="good">✓ The chain holds: {entries.length} events, each bound to the one before it by SHA-256.</p>
      ) : (
        <p className="bad" role="alert">
          ✗ {printable(fault.segment)} line {fault.line}: {printable(fault.text)}. The {entries.length} events before it
          are intact and shown; nothing after it can be trusted.
        </p>
      )}
      {gaps(journal).map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
    </section>
  );
}
