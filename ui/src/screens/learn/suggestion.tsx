// A suggestion in; its proof, its statements with what speaks for them, and what was left out, out.
import type { ReactNode } from 'react';
import type { SuggestedStatement, SuggestionAnswer } from '../../../../src/schema/learning.ts';
import { printable } from '../../parts/printable.ts';
import { counted, proofLine } from './learning.ts';

function Statement({ statement }: { readonly statement: SuggestedStatement }): ReactNode {
  const { id, text, actions, events, sessions, names, examples, widening } = statement;
  return (
    <li>
      <p>
        <code>{id}</code>{' '}
        {widening === undefined ? (
          <span className="good">✓ exactly what was seen</span>
        ) : (
          <span className="warn">! widened to {widening}</span>
        )}
      </p>
      <p className="quiet">
        {actions.join(', ')}: {counted(names, 'name')}, {counted(events, 'event')}, {counted(sessions, 'session')}
      </p>
      <p>
        such as{' '}
        {examples.map((name) => (
          <code key={name} className="learn-name">
            {printable(name)}
          </code>
        ))}
      </p>
      <details>
        <summary>Cedar</summary>
        <pre>{text}</pre>
      </details>
    </li>
  );
}

export function Suggestion({ suggestion }: { readonly suggestion: SuggestionAnswer }): ReactNode {
  const { proof, notes, statements } = suggestion;
  return (
    <section aria-label="Suggestion" className="learn-suggestion">
      <h2>What it says, and what speaks for it</h2>
      <p className={statements.length === 0 ? '' : 'good'}>
        {statements.length > 0 && '✓ '}
        {proofLine(suggestion)}
      </p>
      {proof.map(({ workspace, differences, more }) => (
        <details key={workspace} open={proof.length === 1}>
          <summary>
            {counted(differences.length + more, 'kind')} of operations, in <code>{printable(workspace)}</code>
          </summary>
          <ul>
            {differences.map(({ heading, lines }) => (
              <li key={heading + lines.join('\n')}>
                <code>{printable(heading)}</code>
                {lines.map((line) => (
                  <p key={line} className="quiet">
                    {printable(line)}
                  </p>
                ))}
              </li>
            ))}
          </ul>
          {more > 0 && <p>and {more} more</p>}
        </details>
      ))}
      {statements.length > 0 && (
        <>
          <p>
            A recorded session is what an agent chose to do: read each as you would read its code. Any program of a
            session may do what is permitted, with any arguments.
          </p>
          <ol>
            {statements.map((statement) => (
              <Statement key={statement.id} statement={statement} />
            ))}
          </ol>
        </>
      )}
      {notes.length > 0 && (
        <details>
          <summary>Notes: what is wider than was seen, and what is not suggested</summary>
          {notes.map((note, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list of one answer never changes
            <p key={at}>{printable(note)}</p>
          ))}
        </details>
      )}
    </section>
  );
}
