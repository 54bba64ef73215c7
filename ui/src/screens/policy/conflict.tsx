// A draft and the text that somebody else put in force meanwhile in; what changed, and the ways on, out. No text is lost on any.
import type { ReactNode } from 'react';
import type { PolicyView } from '../../../../src/schema/policy-desk.ts';
import type { Draft } from './draft.ts';
import { mergeTexts } from './merge-texts.ts';
import { TextDiff } from './text-diff.tsx';

interface ConflictProps {
  readonly draft: Draft;
  readonly view: PolicyView;
  readonly onRebase: (text: string) => void;
}

export function Conflict({ draft, view, onRebase }: ConflictProps): ReactNode {
  const merged = mergeTexts(draft.base, view.text, draft.text);
  return (
    <section className="policy-conflict" aria-label="Conflict">
      <div role="alert">
        <h2>
          ! Somebody else changed the policy: epoch {view.epoch} is in force, and your text began with epoch{' '}
          {draft.epoch}
        </h2>
      </div>
      <p>Nothing of yours is in force or lost. This is what changed meanwhile:</p>
      <TextDiff before={draft.base} after={view.text} label="What changed meanwhile" />
      <div className="policy-buttons">
        {merged !== undefined && (
          <button type="button" className="primary" onClick={() => onRebase(merged)}>
            Put my changes on top of theirs
          </button>
        )}
        <button type="button" onClick={() => onRebase(draft.text)}>
          Keep my text, without theirs
        </button>
        <button type="button" onClick={() => onRebase(view.text)}>
          Take theirs, set mine aside
        </button>
      </div>
      {merged === undefined && (
        <p className="quiet">Both changed the same lines, so that one of the texts has to give way.</p>
      )}
    </section>
  );
}
