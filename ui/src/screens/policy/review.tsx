// A text in; what it would allow and deny that the policy in force does not, its lines, and the buttons that put it in force, out.
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { ApiError } from '../../../../src/client/client.ts';
import type { PolicyDifference } from '../../../../src/schema/api.ts';
import type { PolicyView } from '../../../../src/schema/policy-desk.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import type { Draft } from './draft.ts';
import { TextDiff } from './text-diff.tsx';

const SHOWN = 100;

function glyphOf(heading: string): { readonly glyph: string; readonly look: string } {
  if (/^(perhaps )?newly allowed/.test(heading)) return { glyph: '+', look: 'warn' };
  return /^(perhaps )?newly denied/.test(heading) ? { glyph: '−', look: 'bad' } : { glyph: '=', look: 'quiet' };
}

function Meaning({ difference }: { readonly difference: PolicyDifference }): ReactNode {
  const { paragraphs, isWider } = difference;
  return (
    <>
      {isWider && <p className="warn">! The new text may allow what the policy in force does not.</p>}
      <ul className="policy-meaning">
        {paragraphs.slice(0, SHOWN).map(({ heading, lines }) => {
          const { glyph, look } = glyphOf(heading);
          return (
            <li key={heading}>
              <span className={look}>
                <span aria-hidden="true">{glyph} </span>
                {printable(heading)}
              </span>
              {lines.map((line) => (
                <span key={line} className="policy-meaning-line">
                  {printable(line)}
                </span>
              ))}
            </li>
          );
        })}
      </ul>
      {paragraphs.length > SHOWN && <p>{paragraphs.length - SHOWN} more differences are not listed.</p>}
    </>
  );
}

interface ReviewProps {
  readonly session: string;
  readonly draft: Draft;
  readonly view: PolicyView;
  readonly onApplied: (epoch: number, text: string, isKept: boolean) => void;
  /** Somebody else came first. */
  readonly onConflict: () => void;
  readonly onClose: () => void;
}

export function Review({ session, draft, view, onApplied, onConflict, onClose }: ReviewProps): ReactNode {
  const { text, epoch } = draft;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const difference = useQuery({
    queryKey: ['policy-diff', session, epoch, text],
    queryFn: () => client.diffPolicy(session, text),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const apply = useMutation({
    mutationFn: async (keep: boolean) => ({ epoch: await client.editPolicy(session, epoch, text, keep), keep }),
    onSuccess: (done) => onApplied(done.epoch, text, done.keep),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 412) onConflict();
    },
  });
  const isOff = apply.isPending || !difference.isSuccess;
  return (
    <section className="policy-review" aria-label="Review">
      <h2 ref={title} tabIndex={-1}>
        What it would change
      </h2>
      {difference.isPending && <p role="status">Comparing every request…</p>}
      {difference.error && <Failure error={difference.error} />}
      {difference.data && <Meaning difference={difference.data} />}
      {apply.error && <Failure error={apply.error} />}
      <div className="policy-buttons">
        <button type="button" className="primary" disabled={isOff} onClick={() => apply.mutate(false)}>
          Apply until the session ends
        </button>
        {view.file !== undefined && (
          <button type="button" disabled={isOff} onClick={() => apply.mutate(true)}>
            Apply and keep in {printable(view.file.slice(view.file.lastIndexOf('/') + 1))}
          </button>
        )}
        <button type="button" onClick={onClose}>
          Back to the text
        </button>
      </div>
      <h3>The text</h3>
      <TextDiff before={draft.base} after={text} label="Changes of the text" />
    </section>
  );
}
