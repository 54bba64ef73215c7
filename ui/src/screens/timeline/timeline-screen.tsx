// A session in; all of it on one clock, and what it was at the moment that is chosen, out.
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { HistoryStatus, useHistory } from '../../feed/use-history.tsx';
import { Controls } from './controls.tsx';
import { Lanes, LanesTable, lanesDensity } from './lanes-view.tsx';
import { MomentView } from './moment-view.tsx';
import { Replay } from './replay.ts';
import { ReportButton } from './report-button.tsx';
import './timeline.css';
import { usePlayer } from './use-replay.ts';

export function TimelineScreen(): ReactNode {
  const { session = '' } = useParams({ strict: false });
  const { history, model, state } = useHistory(session, () => new Replay());
  const { start, end, events } = model;
  const player = usePlayer(start, end);
  // The lanes of a long session take a while to count: the moment does not wait for them.
  const drawn = useDeferredValue(state.version);
  const [isTable, setIsTable] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the events grow in place, and the version says so
  const density = useMemo(() => lanesDensity({ entries: events, start, end }), [model, drawn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: likewise
  const moment = useMemo(() => model.at(player.time), [model, state.version, player.time]);
  return (
    <div className="timeline">
      <div className="timeline-head">
        <h1>Timeline</h1>
        <ReportButton session={session} />
      </div>
      <HistoryStatus session={session} history={history} state={state} />
      {events.length > 0 && (
        <>
          <Lanes density={density} at={(player.time - start) / Math.max(end - start, 1)} />
          <Controls player={player} replay={model} />
          <LanesTable isOpen={isTable} onToggle={setIsTable} entries={events} start={start} end={end} />
          <MomentView moment={moment} start={start} />
        </>
      )}
    </div>
  );
}
