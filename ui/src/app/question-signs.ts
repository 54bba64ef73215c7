// The list of open questions as it changes in; a tone and a notice for each new one, on whatever screen this tab is, out.
import { useEffect, useRef } from 'react';
import type { QuestionList, QuestionView } from '../../../src/schema/api.ts';
import { printable } from '../parts/printable.ts';
import { beepOnce, isChosen, NOTICES, notify, SOUND } from './signs.ts';

export function nameOf({ session, question }: QuestionView): string {
  return `${session}/${question.id}`;
}

function tell(view: QuestionView): void {
  const name = nameOf(view);
  if (isChosen(SOUND)) void beepOnce(name);
  if (isChosen(NOTICES) && document.hidden) notify(name, printable(view.question.text));
}

/** Of what was open before the page was, nothing is told: it is on the badge. */
export function useQuestionSigns(list: QuestionList | undefined): void {
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  useEffect(() => {
    if (list === undefined) return;
    const before = known.current;
    known.current = new Set(list.questions.map(nameOf));
    if (before === undefined) return;
    for (const view of list.questions) if (!before.has(nameOf(view))) tell(view);
  }, [list]);
}
