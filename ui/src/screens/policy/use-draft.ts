// A session and its policy in force in; the draft of this tab, and what can be done to it, out.
import { useState } from 'react';
import type { PolicyView } from '../../../../src/schema/policy-desk.ts';
import { type Aside, type Draft, DraftStore, followed, isChanged, withAside } from './draft.ts';

const store = new DraftStore(window.sessionStorage);

export interface DraftDesk {
  readonly draft: Draft;
  readonly aside: readonly Aside[];
  write(text: string): void;
  /** Goes on from what is in force now; what stood there is set aside, unless it is in the new text. */
  rebase(text: string): void;
  /** What stood there was put in force. */
  applied(epoch: number, text: string): void;
}

export function useDraft(session: string, view: PolicyView): DraftDesk {
  const [, redraw] = useState(0);
  const kept = store.read(session);
  const draft = followed(kept.draft, view);
  const keep = (next: Draft, aside = kept.aside): void => {
    store.write(session, { draft: next, aside });
    redraw((count) => count + 1);
  };
  return {
    draft,
    aside: kept.aside,
    write: (text) => keep({ ...draft, text }),
    rebase: (text) => {
      const isLost = isChanged(draft) && draft.text !== text;
      const aside = isLost ? withAside(kept.aside, { time: Date.now(), text: draft.text }) : kept.aside;
      keep({ epoch: view.epoch, base: view.text, text }, aside);
    },
    applied: (epoch, text) => keep({ epoch, base: text, text: draft.text }),
  };
}
