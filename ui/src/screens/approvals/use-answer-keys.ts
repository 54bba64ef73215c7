// Keys in, answers to the question that they mean out; never while somebody types, and never the second key of a way to another screen.
import { useEffect, useRef } from 'react';
import { isTyping } from '../../app/keys.ts';
import { nameOf } from '../../app/question-signs.ts';
import { ANSWERS } from './answers.ts';
import type { Approvals } from './use-approvals.ts';

/** Milliseconds in which a key after `g` belongs to it. */
const TOGETHER = 1_500;

export function useAnswerKeys(approvals: Approvals): void {
  const latest = useRef(approvals);
  latest.current = approvals;
  useEffect(() => {
    let led = Number.NEGATIVE_INFINITY;
    const pressed = (event: KeyboardEvent): void => {
      const { list, watched, isReadyForKeys, isUnderWay, move, answer } = latest.current;
      const { key, ctrlKey, metaKey, altKey, repeat, timeStamp, target } = event;
      if (ctrlKey || metaKey || altKey || isTyping(target)) return;
      const isLed = timeStamp - led <= TOGETHER;
      led = key === 'g' ? timeStamp : key === 'Shift' ? led : Number.NEGATIVE_INFINITY;
      if (isLed || event.defaultPrevented) return;
      if (key === 'j' || key === 'k') {
        move(key === 'j' ? 1 : -1);
        event.preventDefault();
        return;
      }
      const meant = ANSWERS.find((each) => each.key === key);
      const view = list?.questions.find((each) => nameOf(each) === watched.current);
      if (meant === undefined || view === undefined || repeat) return;
      event.preventDefault();
      if (isReadyForKeys() && !isUnderWay(nameOf(view))) answer(view, meant.ruling);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
