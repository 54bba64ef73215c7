// A recorded event in; a backtest that has judged it, or counted why not, out.
import type { Backtest, Origin, Uncounted } from '../../policy/backtest/backtest.ts';
import { recordedOutcome } from '../../policy/backtest/recorded.ts';
import { ACTIONS } from '../../policy/evaluate/actions.ts';
import type { Event } from '../../schema/event.ts';
import { type RecordedRequests, recordedRequests } from './recorded-requests.ts';
import type { RunningPrograms } from './running.ts';

/** Why an event is not judged; undefined when it is. */
function hindrance(event: Event, recorded: RecordedRequests | undefined): Uncounted | undefined {
  if (recorded?.isCut === true) return 'unrepeatable';
  if (recorded !== undefined) return undefined;
  if (event.action === 'SystemCall') return 'own';
  return ACTIONS.some((action) => action === event.action) ? 'unrepeatable' : 'lifecycle';
}

/** `running` belongs to the event's session. */
export function replay(backtest: Backtest, origin: Origin, running: RunningPrograms, seq: number, event: Event): void {
  for (const request of running.impliedBy(event)) backtest.infer(origin, seq, event.time, request);
  const recorded = recordedRequests(event);
  const before = recordedOutcome(event);
  const why = hindrance(event, recorded) ?? (before === 'own' ? 'own' : undefined);
  if (why !== undefined || recorded === undefined || before === 'own') backtest.leaveOut(why ?? 'unrepeatable');
  else backtest.add(origin, seq, event.time, recorded.requests, before);
}
