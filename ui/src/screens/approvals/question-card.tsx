// One open question in; all that a person needs to decide it, and a button an answer, out.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { QuestionView } from '../../../../src/schema/api.ts';
import type { Ruling } from '../../../../src/schema/approval.ts';
import { client } from '../../app/client.ts';
import { printable } from '../../parts/printable.ts';
import { ANSWERS } from './answers.ts';
import { ProcessContext } from './context.tsx';
import { commandLine, countdown, facts, waitingText } from './question-words.ts';

/** Milliseconds. */
const SOON = 15_000;

interface CardProps {
  readonly view: QuestionView;
  readonly isCurrent: boolean;
  readonly isReady: boolean;
  /** By the server's clock. */
  readonly now: number;
  readonly choose: () => void;
  readonly answer: (ruling: Ruling) => void;
}

function SessionName({ session }: { readonly session: string }): ReactNode {
  const { data } = useQuery({
    queryKey: ['session', session],
    queryFn: () => client.session(session),
    staleTime: 60_000,
  });
  return (
    <Link to="/s/$session/live" params={{ session }} title={session}>
      {data === undefined ? session : printable(commandLine(data.command))}
    </Link>
  );
}

/** Who reads the screen with keys hears the question that they mean; nobody is taken away from a button or a field. */
function useFocusWhen(isCurrent: boolean): React.RefObject<HTMLElement | null> {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    const { activeElement: at } = document;
    const isFree = at === null || at === document.body || at.closest('.approvals-question') !== null;
    if (isCurrent && isFree) card.current?.focus({ preventScroll: false });
  }, [isCurrent]);
  return card;
}

export function QuestionCard({ view, isCurrent, isReady, now, choose, answer }: CardProps): ReactNode {
  const { session, question } = view;
  const left = question.expires - now;
  const title = `question-${session}-${question.id}`;
  const card = useFocusWhen(isCurrent);
  return (
    <article
      ref={card}
      className="approvals-question"
      aria-labelledby={title}
      aria-current={isCurrent}
      tabIndex={-1}
      onFocus={choose}
    >
      <header>
        <h2 id={title}>{printable(question.text)}</h2>
        <span className={left < SOON ? 'bad' : 'quiet'}>
          {waitingText(question.waiting)}; refused in{' '}
          <span role="timer" className="approvals-left">
            {countdown(left)}
          </span>
        </span>
      </header>
      <dl>
        {facts(question).map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{text}</code>
            </dd>
          </div>
        ))}
        <div>
          <dt>Session</dt>
          <dd>
            <SessionName session={session} />
          </dd>
        </div>
      </dl>
      <div className="approvals-answers">
        {ANSWERS.map(({ label, key, ruling }) => (
          <button
            key={key}
            type="button"
            className={ruling.effect === 'allow' ? 'approvals-allow' : 'approvals-deny'}
            aria-keyshortcuts={key}
            aria-disabled={!isReady}
            onClick={() => isReady && answer(ruling)}
          >
            {label} <kbd>{key}</kbd>
          </button>
        ))}
      </div>
      {isCurrent && <ProcessContext session={session} question={question} />}
    </article>
  );
}
