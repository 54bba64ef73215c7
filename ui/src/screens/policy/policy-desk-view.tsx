// A session's policy in force in; the editor with all that is known of its text, and the way from there into force, out.
import type { Diagnostic } from '@codemirror/lint';
import { EditorSelection } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import type { PolicyView } from '../../../../src/schema/policy-desk.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { printable } from '../../parts/printable.ts';
import { Conflict } from './conflict.tsx';
import { isBehind, isChanged } from './draft.ts';
import { PolicyEditor } from './editor.tsx';
import { Review } from './review.tsx';
import { Shadow } from './shadow.tsx';
import { TextDiff } from './text-diff.tsx';
import { useDraft } from './use-draft.ts';
import { Versions } from './versions.tsx';

function Place({ view, isOver }: { readonly view: PolicyView; readonly isOver: boolean }): ReactNode {
  const { name, epoch, profiles, file, isKept } = view;
  const kept = isKept ? 'the file holds this text' : 'in force until the session ends; the file holds another text';
  return (
    <p className="policy-place">
      <code>{printable(file ?? name)}</code> · epoch {epoch}
      {!isOver && file !== undefined && <span className={isKept ? 'quiet' : 'warn'}> · {kept}</span>}
      {profiles.length > 0 && <span> · beside the profiles {printable(profiles.join(', '))}</span>}
    </p>
  );
}

interface FindingsProps {
  readonly findings: readonly Diagnostic[];
  readonly editor: EditorView | undefined;
}

function Findings({ findings, editor }: FindingsProps): ReactNode {
  const go = ({ from, to }: Diagnostic): void => {
    if (editor === undefined) return;
    const end = editor.state.doc.length;
    const selection = EditorSelection.single(Math.min(from, end), Math.min(to, end));
    editor.dispatch({ selection, effects: EditorView.scrollIntoView(selection.main, { y: 'center' }) });
    editor.focus();
  };
  const place = (offset: number): string => {
    const line = editor?.state.doc.lineAt(Math.min(offset, editor.state.doc.length));
    return line === undefined ? '' : `${line.number}:${offset - line.from + 1}`;
  };
  return (
    <ul className="policy-findings" aria-label="Faults and notes">
      {findings.map((finding) => (
        <li key={`${finding.from} ${finding.message}`}>
          <button type="button" onClick={() => go(finding)}>
            <span className={finding.severity === 'error' ? 'bad' : 'warn'}>
              {finding.severity === 'error' ? '✗ fault' : '! note'} {place(finding.from)}
            </span>{' '}
            {finding.message}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface Applied {
  readonly epoch: number;
  readonly isKept: boolean;
}

/** What this tab put in force is said until something else is. */
function statusText(isWritten: boolean, applied: Applied | undefined, { epoch }: PolicyView): string {
  if (isWritten) return 'changed, not in force';
  if (applied === undefined || applied.epoch < epoch) return '';
  return `in force: epoch ${applied.epoch}, ${applied.isKept ? 'kept in the file' : 'until the session ends'}`;
}

interface DeskProps {
  readonly session: string;
  readonly view: PolicyView;
  readonly isOver: boolean;
  readonly refetch: () => Promise<void>;
}

export function PolicyDeskView({ session, view, isOver, refetch }: DeskProps): ReactNode {
  const desk = useDraft(session, view);
  const [findings, setFindings] = useState<readonly Diagnostic[]>();
  const [reviewed, setReviewed] = useState<string>();
  const [applied, setApplied] = useState<Applied>();
  const editor = useRef<EditorView>(undefined);
  const format = useMutation({
    mutationFn: (text: string) => client.formatPolicy(text),
    // What was written meanwhile stays.
    onSuccess: ({ text }, given) => given === desk.draft.text && desk.write(text),
  });
  const { draft } = desk;
  const text = isOver ? view.text : draft.text;
  const isConflict = !isOver && isBehind(draft, view);
  const isReviewing = !isOver && !isConflict && reviewed === draft.text && isChanged(draft);
  const faults = findings?.filter(({ severity }) => severity === 'error').length ?? 0;
  const bring = (old: string): void => {
    desk.rebase(old);
    setReviewed(old);
  };
  return (
    <>
      <Place view={view} isOver={isOver} />
      {isOver && <p className="policy-over">The session is over: this is its last policy, to read.</p>}
      {isOver && isChanged(desk.draft) && (
        <section aria-label="Your text">
          <h2>Your text, which was not put in force</h2>
          <TextDiff before={desk.draft.base} after={desk.draft.text} label="Your text" />
        </section>
      )}
      {isConflict && <Conflict draft={draft} view={view} onRebase={desk.rebase} />}
      <div className="policy-columns">
        <div className="policy-written">
          <PolicyEditor
            session={session}
            value={text}
            isReadOnly={isOver}
            onChange={desk.write}
            onFindings={setFindings}
            onReady={(view) => {
              editor.current = view;
            }}
          />
          {!isOver && (
            <div className="policy-buttons">
              <button
                type="button"
                className="primary"
                disabled={!isChanged(draft) || isConflict || faults > 0}
                onClick={() => setReviewed(draft.text)}
              >
                Review the change…
              </button>
              <button type="button" disabled={format.isPending} onClick={() => format.mutate(draft.text)}>
                Format
              </button>
              <button type="button" disabled={!isChanged(draft)} onClick={() => desk.rebase(view.text)}>
                Discard my changes
              </button>
              <span role="status">{statusText(isChanged(draft), applied, view)}</span>
            </div>
          )}
          {format.error && <Failure error={format.error} />}
          {findings && <Findings findings={findings} editor={editor.current} />}
        </div>
        <div className="policy-beside">
          {isReviewing && (
            <Review
              session={session}
              draft={draft}
              view={view}
              onApplied={(epoch, put, isKept) => {
                desk.applied(epoch, put);
                setReviewed(undefined);
                setApplied({ epoch, isKept });
                void refetch();
              }}
              onConflict={() => void refetch()}
              onClose={() => {
                setReviewed(undefined);
                editor.current?.focus();
              }}
            />
          )}
          <Versions
            session={session}
            epoch={view.epoch}
            text={view.text}
            aside={desk.aside}
            isReadOnly={isOver}
            onBring={bring}
          />
          <Shadow key={session} session={session} />
        </div>
      </div>
    </>
  );
}
