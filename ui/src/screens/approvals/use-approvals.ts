// The shared list of questions in; the same with the one that keys mean, the time it has left, and a way to answer it out.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../../../../src/client/client.ts';
import type { QuestionList, QuestionView } from '../../../../src/schema/api.ts';
import type { Ruling } from '../../../../src/schema/approval.ts';
import { client } from '../../app/client.ts';
import { nameOf } from '../../app/question-signs.ts';
import { useQuestions } from '../../app/questions.ts';
import { ServerClock } from './server-clock.ts';
import { chosen, listed, mayClick, mayPress, moved, NOTHING, revealed, type Watched } from './watch.ts';

const TICK = 250;

export interface Approvals {
  readonly list: QuestionList | undefined;
  readonly watched: Watched;
  /** By the server's clock. */
  readonly now: number;
  readonly failure: unknown;
  readonly isUnderWay: (name: string) => boolean;
  readonly isReady: (name: string) => boolean;
  readonly isReadyForKeys: () => boolean;
  readonly move: (by: 1 | -1) => void;
  readonly choose: (name: string) => void;
  readonly answer: (view: QuestionView, ruling: Ruling) => void;
}

/** What somebody else answered meanwhile is no failure. */
const isGone = (error: unknown): boolean =>
  error instanceof ApiError && ['LEASH_QUESTION_UNKNOWN', 'LEASH_SESSION_UNKNOWN'].includes(error.failure.code);

export function useApprovals(): Approvals {
  const list = useQuestions();
  const [watched, setWatched] = useState(NOTHING);
  const [tick, setTick] = useState(() => Date.now());
  const [failure, setFailure] = useState<unknown>();
  const [underWay, setUnderWay] = useState<ReadonlySet<string>>(new Set());
  const clock = useRef(new ServerClock());
  const known = useRef<ReadonlySet<string> | undefined>(undefined);

  useEffect(() => {
    if (list === undefined) return;
    const names = list.questions.map(nameOf);
    for (const view of list.questions) {
      const isNew = known.current !== undefined && !known.current.has(nameOf(view));
      clock.current.saw(view.question.opened, Date.now(), isNew);
    }
    known.current = new Set(names);
    setWatched((before) => listed(before, names, performance.now()));
    setUnderWay((before) => new Set([...before].filter((name) => names.includes(name))));
  }, [list]);

  useEffect(() => {
    const timer = setInterval(() => setTick(Date.now()), TICK);
    // A question that nobody could see was not seen.
    const shown = (): void => {
      if (!document.hidden) setWatched((before) => revealed(before, performance.now()));
    };
    // A window that stood beside another was seen; its keys went elsewhere.
    const focused = (): void => setWatched((before) => ({ ...before, since: performance.now() }));
    document.addEventListener('visibilitychange', shown);
    window.addEventListener('focus', focused);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', shown);
      window.removeEventListener('focus', focused);
    };
  }, []);

  const answer = useCallback((view: QuestionView, ruling: Ruling) => {
    const name = nameOf(view);
    setFailure(undefined);
    setUnderWay((before) => new Set([...before, name]));
    client.rule(view.session, view.question.id, ruling).catch((error: unknown) => {
      if (isGone(error)) return;
      setFailure(error);
      setUnderWay((before) => new Set([...before].filter((other) => other !== name)));
    });
  }, []);

  return {
    list,
    watched,
    now: clock.current.now(tick),
    failure,
    isUnderWay: (name) => underWay.has(name),
    isReady: (name) => mayClick(watched, name, performance.now()),
    isReadyForKeys: () => mayPress(watched, performance.now()),
    move: useCallback((by) => setWatched((before) => moved(before, by, performance.now())), []),
    choose: useCallback((name) => setWatched((before) => chosen(before, name, performance.now())), []),
    answer,
  };
}
