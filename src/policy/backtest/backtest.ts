// Recorded events and what a candidate says of each in; what it would have changed, grouped and counted, out. Pure.
import type { BacktestGroup, BacktestTotals } from '../../schema/learning.ts';
import type { Action, Request } from '../../schema/request.ts';
import type { Outcome } from '../compare/outcome.ts';
import type { SessionFacts } from '../facts.ts';
import type { Candidate, Judged } from './candidate.ts';
import { placeOf } from './place.ts';

/** From the outcome that was recorded to the one that the candidate gives. */
export const CHANGES = ['newly denied', 'newly asked', 'newly allowed'] as const;
export type Change = (typeof CHANGES)[number];

const CHANGE_TO: Readonly<Record<Outcome, Change>> = {
  deny: 'newly denied',
  ask: 'newly asked',
  allow: 'newly allowed',
};

export interface Example {
  /** `SESSION:NUMBER`. */
  readonly event: string;
  readonly request: Request;
}

/** As the API tells it, with the requests themselves. */
export interface ChangeGroup extends Omit<BacktestGroup, 'examples'> {
  readonly examples: readonly Example[];
}

export type Uncounted = 'own' | 'lifecycle' | 'unrepeatable';

const EXAMPLES = 3;
/** The agent chooses names: what is beyond this is counted in one group for each change and action. */
const GROUPS_MAX = 10_000;
export const ELSEWHERE = '(elsewhere)';

type Growing = { -readonly [Key in keyof ChangeGroup]: ChangeGroup[Key] } & { examples: Example[] };

/** Which session an event is from; `facts` are canonical. */
export interface Origin {
  readonly session: string;
  readonly facts: SessionFacts;
  readonly candidate: Candidate;
}

export class Backtest {
  readonly #groups = new Map<string, Growing>();
  readonly #unseen = new Set<string>();
  readonly #counts = { evaluated: 0, unchanged: 0, inferred: 0, uncertain: 0, own: 0, lifecycle: 0, unrepeatable: 0 };

  /** An event that is not put to the candidate. */
  leaveOut(why: Uncounted): void {
    this.#counts[why]++;
  }

  /** `requests`: all that the operation needed, not empty; `before`: what became of it. */
  add(origin: Origin, seq: number, time: number, requests: readonly Request[], before: Outcome): void {
    const counts = this.#counts;
    const { candidate } = origin;
    const [request] = requests as readonly [Request];
    counts.evaluated++;
    const unseen = candidate.unseenBy(request.action);
    if (unseen.length > 0) {
      counts.uncertain++;
      for (const part of unseen) this.#unseen.add(part);
    }
    const judged = candidate.judge(requests);
    if (judged.outcome === before) counts.unchanged++;
    else this.#count(origin, seq, time, request, judged);
  }

  /** A request without which the event could not have been. */
  infer(origin: Origin, seq: number, time: number, request: Request): void {
    this.#counts.inferred++;
    const judged = origin.candidate.judge([request]);
    if (judged.outcome !== 'allow') this.#count(origin, seq, time, request, judged);
  }

  #count({ session, facts }: Origin, seq: number, time: number, request: Request, judged: Judged): void {
    const group = this.#group(CHANGE_TO[judged.outcome], request.action, placeOf(request, facts), judged, time);
    group.count++;
    group.first = Math.min(group.first, time);
    group.last = Math.max(group.last, time);
    if (group.examples.length < EXAMPLES) group.examples.push({ event: `${session}:${seq}`, request });
  }

  #group(change: Change, action: Action, place: string, { policies, reason }: Judged, time: number): Growing {
    const key = JSON.stringify([change, action, place, policies]);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    if (this.#groups.size >= GROUPS_MAX && place !== ELSEWHERE)
      return this.#group(change, action, ELSEWHERE, { outcome: 'deny', policies: [] }, time);
    const because = reason === undefined ? {} : { reason };
    const group: Growing = {
      change,
      action,
      place,
      policies,
      ...because,
      count: 0,
      first: time,
      last: time,
      examples: [],
    };
    this.#groups.set(key, group);
    return group;
  }

  totals(): BacktestTotals {
    return { ...this.#counts, unseen: [...this.#unseen].sort() };
  }

  /** What is newly denied first, then by number; the order depends on nothing but the events. */
  groups(): readonly ChangeGroup[] {
    return [...this.#groups.entries()]
      .sort(
        ([a, { change: x, count: m }], [b, { change: y, count: n }]) =>
          CHANGES.indexOf(x) - CHANGES.indexOf(y) || n - m || (a < b ? -1 : 1),
      )
      .map(([, group]) => group);
  }
}

/** Events of one kind of change. */
export function countOf(groups: readonly ChangeGroup[], change: Change): number {
  return groups.filter((group) => group.change === change).reduce((sum, { count }) => sum + count, 0);
}
