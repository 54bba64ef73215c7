// Recorded sessions in; a policy suggested from them, edited, tried on what was recorded and put in force, out.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { BacktestAnswer, SuggestionAnswer } from '../../../../src/schema/learning.ts';
import { client } from '../../app/client.ts';
import { Failure } from '../../parts/failure.tsx';
import { Apply } from './apply.tsx';
import { Backtest } from './backtest.tsx';
import { aliveWithin, baseOf, counted, triedOn } from './learning.ts';
import { Progress } from './progress.tsx';
import { SessionChoice } from './session-choice.tsx';
import { Suggestion } from './suggestion.tsx';
import { useJob } from './use-job.ts';
import './learn.css';

/** Sessions of this time can be chosen. */
const OFFERED_DAYS = 30;
const OFFERED = 50;
const TRIED_DAYS = [1, 7, 30] as const;

export function LearnScreen(): ReactNode {
  const { session = '' } = useParams({ strict: false });
  return <Learn key={session} session={session} />;
}

function Learn({ session }: { readonly session: string }): ReactNode {
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => client.sessions(), refetchInterval: 5000 });
  const all = sessions.data?.sessions ?? [];
  const offered = aliveWithin(all, session, OFFERED_DAYS, Date.now());
  const [chosen, choose] = useState<readonly string[]>([session]);
  const [isAddition, setAddition] = useState(false);
  const [isExact, setExact] = useState(false);
  const [withDenied, setDenied] = useState(false);
  const [text, setText] = useState('');
  const [days, setDays] = useState(0);
  const suggestion = useJob<SuggestionAnswer>();
  const backtest = useJob<BacktestAnswer>();

  const suggest = (): void =>
    suggestion.start(async (signal) => {
      const order = { sessions: chosen, exact: isExact, denied: withDenied, base: baseOf(isAddition) };
      const answer = await client.suggestPolicy(session, order, signal);
      setText(answer.policy);
      backtest.cancel();
      return answer;
    });
  const tryText = (): void =>
    // What is added is tried with what it is added to.
    backtest.start((signal) => {
      const order = { text, base: baseOf(isAddition), ...triedOn(chosen, days, Date.now()) };
      return client.backtestPolicy(session, order, signal);
    });

  return (
    <div className="learn">
      <h1>Learn</h1>
      {sessions.error && <Failure error={sessions.error} />}
      <section aria-labelledby="learn-from">
        <h2 id="learn-from">1. Suggest</h2>
        <SessionChoice sessions={offered.slice(0, OFFERED)} own={session} chosen={chosen} choose={choose} />
        <div className="learn-row">
          <label>
            <input type="checkbox" checked={isAddition} onChange={() => setAddition(!isAddition)} /> Only what this
            session’s policy lacks
          </label>
          <label>
            <input type="checkbox" checked={isExact} onChange={() => setExact(!isExact)} /> Exactly what was seen
          </label>
          <label>
            <input type="checkbox" checked={withDenied} onChange={() => setDenied(!withDenied)} /> Also what was denied
          </label>
          <button
            type="button"
            className="primary"
            disabled={chosen.length === 0 || suggestion.isRunning}
            onClick={suggest}
          >
            Suggest
          </button>
        </div>
        {suggestion.isRunning && (
          <Progress what={`Reading ${counted(chosen.length, 'session')}…`} cancel={suggestion.cancel} />
        )}
        {suggestion.error !== undefined && <Failure error={suggestion.error} />}
        {suggestion.answer && <Suggestion suggestion={suggestion.answer} />}
      </section>
      <section aria-labelledby="learn-edit">
        <h2 id="learn-edit">2. Edit</h2>
        <label htmlFor="learn-text">Policy</label>
        <textarea
          id="learn-text"
          rows={14}
          spellCheck={false}
          value={text}
          placeholder="A suggestion comes here; or write a policy to try."
          onChange={({ target: { value } }) => setText(value)}
        />
      </section>
      <section aria-labelledby="learn-try">
        <h2 id="learn-try">3. Backtest</h2>
        <div className="learn-row">
          <label htmlFor="learn-days">On</label>
          <select id="learn-days" value={days} onChange={({ target: { value } }) => setDays(Number(value))}>
            <option value={0}>the chosen sessions</option>
            {TRIED_DAYS.map((each) => (
              <option key={each} value={each}>
                all sessions of the last {counted(each, 'day')}
              </option>
            ))}
          </select>
          <button type="button" disabled={text.trim() === '' || backtest.isRunning} onClick={tryText}>
            Backtest
          </button>
        </div>
        {backtest.isRunning && <Progress what="Deciding recorded events anew…" cancel={backtest.cancel} />}
        {backtest.error !== undefined && <Failure error={backtest.error} />}
        {backtest.answer && <Backtest found={backtest.answer} />}
      </section>
      <section aria-labelledby="learn-apply">
        <h2 id="learn-apply">4. Apply</h2>
        <Apply
          text={text}
          running={all.filter(({ state }) => state === 'running')}
          own={session}
          isAddition={isAddition}
        />
      </section>
    </div>
  );
}
