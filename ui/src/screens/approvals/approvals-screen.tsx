// Open questions of all sessions in; each with its answers, by button and by key, and what was answered lately, out.
import type { ReactNode } from 'react';
import { nameOf } from '../../app/question-signs.ts';
import { beep, mayNotify, NOTICES, SOUND, useChoice } from '../../app/signs.ts';
import { Failure } from '../../parts/failure.tsx';
import { RecentList } from './context.tsx';
import { QuestionCard } from './question-card.tsx';
import { useAnswerKeys } from './use-answer-keys.ts';
import { useApprovals } from './use-approvals.ts';
import './approvals.css';

function Signs({
  sound: [hasSound, setSound],
  notices: [hasNotices, setNotices],
}: {
  readonly sound: ReturnType<typeof useChoice>;
  readonly notices: ReturnType<typeof useChoice>;
}): ReactNode {
  return (
    <fieldset className="approvals-signs">
      <legend className="hidden">Of a new question</legend>
      <label>
        <input
          type="checkbox"
          checked={hasSound}
          onChange={({ target }) => {
            setSound(target.checked);
            if (target.checked) beep();
          }}
        />{' '}
        Sound
      </label>
      <label>
        <input
          type="checkbox"
          checked={hasNotices}
          onChange={({ target: { checked } }) => {
            if (checked) void mayNotify().then(setNotices);
            else setNotices(false);
          }}
        />{' '}
        Notices of the system
      </label>
    </fieldset>
  );
}

export function ApprovalsScreen(): ReactNode {
  const sound = useChoice(SOUND);
  const notices = useChoice(NOTICES);
  const approvals = useApprovals();
  useAnswerKeys(approvals);
  const { list, watched, now, failure, isUnderWay, isReady, choose, answer } = approvals;
  const questions = list?.questions ?? [];
  return (
    <main id="content" className="screen approvals">
      <header className="approvals-top">
        <h1>Approvals</h1>
        <Signs sound={sound} notices={notices} />
      </header>
      <p className="hidden" role="status">
        {questions.length === 0 ? 'No question is open.' : `Open questions: ${questions.length}.`}
      </p>
      {failure !== undefined && <Failure error={failure} />}
      {list?.silent.map((session) => (
        <p key={session} className="warn">
          ! The session <code>{session}</code> does not answer; what it asks is not shown.
        </p>
      ))}
      {list !== undefined && questions.length === 0 && (
        <p>
          No question is open. A policy asks with <code>@ask("May it?")</code>; what it decides about is held until you
          answer.
        </p>
      )}
      {questions.length > 0 && (
        <p className="quiet">
          <kbd>j</kbd> and <kbd>k</kbd> go to the next and the previous question; the other keys stand on the buttons.
        </p>
      )}
      {questions.map((view) => {
        const name = nameOf(view);
        return (
          <QuestionCard
            key={name}
            view={view}
            isCurrent={name === watched.current}
            isReady={isReady(name) && !isUnderWay(name)}
            now={now}
            choose={() => choose(name)}
            answer={(ruling) => answer(view, ruling)}
          />
        );
      })}
      <RecentList open={questions.length} />
    </main>
  );
}
