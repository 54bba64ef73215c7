// Questions that were withdrawn or given up in, the Events that record them out.
import type { Asked } from '../decision/approvals.ts';
import { lift } from '../decision/lift.ts';
import type { Approval } from '../schema/approval.ts';
import { EVENT_VERSION, type Event } from '../schema/event.ts';
import { withoutQuery } from './redact.ts';

/** One of each operation that waited. */
export function withdrawnEvents({ subjects, who, text, policies }: Asked, approval: Approval, epoch: number): Event[] {
  const verdict = lift({ effect: 'deny' as const, enforced: true, policies, ask: text }, approval);
  return subjects.map(({ action, resource, particulars }) => ({
    v: EVENT_VERSION,
    time: Date.now(),
    ...(who !== undefined && { who }),
    action,
    resource,
    detail: withoutQuery(particulars),
    ...verdict,
    epoch,
  }));
}
