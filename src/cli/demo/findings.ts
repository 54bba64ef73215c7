// The events of the demo's session and its attempts in; what came of each attempt, and what else happened, out. No I/O.

import type { Event, EventAction } from '../../schema/event.ts';
import { resourceName } from '../../schema/resource-name.ts';
import type { Attempt } from './attempts.ts';

/** `policy`: a denial in the journal. `sandbox`: permitted by policy, but the call failed: what was asked for is not in the sandbox. */
export type Outcome =
  | { readonly kind: 'stopped'; readonly by: 'policy'; readonly why: string; readonly policies: readonly string[] }
  | { readonly kind: 'stopped'; readonly by: 'sandbox'; readonly error: string }
  | { readonly kind: 'allowed' }
  | { readonly kind: 'unseen' };

export interface Finding {
  readonly attempt: Attempt;
  readonly outcome: Outcome;
  readonly isExpected: boolean;
}

export interface Count {
  readonly what: string;
  readonly count: number;
}

export interface Refusal {
  readonly action: EventAction;
  readonly resource: string;
  readonly why: string;
  readonly count: number;
}

export interface Findings {
  readonly attempts: readonly Finding[];
  /** Operations that took place, by kind. */
  readonly allowed: readonly Count[];
  /** What was refused beside the attempts: things the agent's program does by itself. Most frequent first. */
  readonly otherRefusals: readonly Refusal[];
}

const KINDS: readonly (readonly [what: string, actions: readonly EventAction[]])[] = [
  ['files read', ['FileOpenReadOnly']],
  ['files changed', ['FileWrite', 'FileCreate', 'FileDelete', 'FileRename', 'FileLink', 'FileSetAttr']],
  ['programs run', ['ProcessExec']],
  ['connections', ['NetConnect']],
  ['requests to the model', ['HttpRequest']],
];

const isRefused = (event: Event): boolean => event.effect === 'deny' && event.enforced;

function whyRefused({ reason, policies }: Event): string {
  return reason ?? (policies.length === 0 ? 'no policy permits it' : 'forbidden');
}

/** What the journal says of one attempt. One operation that went through outweighs every refusal. */
function outcomeOf(attempt: Attempt, events: readonly Event[]): Outcome {
  const traces = events.filter(attempt.concerns);
  if (traces.some((event) => !isRefused(event) && event.error === undefined)) return { kind: 'allowed' };
  const refused = traces.find(isRefused);
  if (refused !== undefined) {
    return { kind: 'stopped', by: 'policy', why: whyRefused(refused), policies: refused.policies };
  }
  const failed = traces.find((event) => event.error !== undefined);
  return failed?.error === undefined ? { kind: 'unseen' } : { kind: 'stopped', by: 'sandbox', error: failed.error };
}

function countAllowed(events: readonly Event[]): readonly Count[] {
  const done = events.filter((event) => !isRefused(event) && event.error === undefined);
  return KINDS.map(([what, actions]) => ({
    what,
    count: done.filter(({ action }) => actions.includes(action)).length,
  })).filter(({ count }) => count > 0);
}

function groupRefusals(events: readonly Event[]): readonly Refusal[] {
  const groups = new Map<string, Refusal>();
  for (const event of events) {
    const resource = resourceName(event.resource);
    const why = whyRefused(event);
    const key = JSON.stringify([event.action, resource, why]);
    const count = (groups.get(key)?.count ?? 0) + 1;
    groups.set(key, { action: event.action, resource, why, count });
  }
  return [...groups.values()].sort((left, right) => right.count - left.count);
}

export function findingsOf(attempts: readonly Attempt[], events: readonly Event[]): Findings {
  const isTrace = (event: Event): boolean => attempts.some(({ concerns }) => concerns(event));
  return {
    attempts: attempts.map((attempt) => {
      const outcome = outcomeOf(attempt, events);
      return { attempt, outcome, isExpected: outcome.kind === attempt.expected };
    }),
    allowed: countAllowed(events),
    otherRefusals: groupRefusals(events.filter((event) => isRefused(event) && !isTrace(event))),
  };
}
