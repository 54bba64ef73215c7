// One change in; what of it is new and what is gone, line by line, out. Signs say it; colour only adds.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ChangeView } from '../../../../src/schema/api.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import { type DiffLine, diffLines, HIDDEN, WORDS } from './changes.ts';

function Line({ line }: { readonly line: DiffLine }): ReactNode {
  return (
    <span className={`changes-line changes-${line.kind}`}>
      <span className="changes-number">{line.before ?? ''}</span>
      <span className="changes-number">{line.after ?? ''}</span>
      <span className="changes-sign">{line.sign}</span>
      <span>{`${line.text}\n`}</span>
    </span>
  );
}

export function DiffView({ session, change }: { readonly session: string; readonly change: ChangeView }): ReactNode {
  const { data, error } = useQuery({
    queryKey: ['change-text', session, change.id],
    queryFn: () => client.changeText(session, change.id),
  });
  // The first three lines say what the title says.
  const remarks = data?.header.filter((line) => !/^(leash diff|---|\+\+\+) /.test(line)) ?? [];
  return (
    <section className="changes-diff" aria-label="What this change is">
      <h2>
        <code>{printable(change.name)}</code> <span className="quiet">{WORDS[change.change]}</span>
        {data && data.added + data.removed > 0 && (
          <span>
            {' '}
            <span className="good">+{data.added}</span> <span className="bad">-{data.removed}</span>
          </span>
        )}
      </h2>
      {error && <Failure error={error} />}
      {remarks.map((line) => (
        <p key={line} className={line.startsWith('!') ? 'warn' : 'quiet'}>
          {printable(line)}
        </p>
      ))}
      {data?.hidden && <p>{HIDDEN[data.hidden]}</p>}
      {data && data.lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys (WCAG 2.1.1).
        <pre className="changes-lines" tabIndex={0}>
          {diffLines(data.lines).map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name, and never move.
            <Line key={index} line={line} />
          ))}
        </pre>
      )}
      {data?.isCut && <p className="warn">The rest is left out: `leash diff` shows all of it.</p>}
    </section>
  );
}
