// A recorded event in; what became of it, in the words that a candidate's verdict is compared with, out.
import type { Event } from '../../schema/event.ts';
import type { Outcome } from '../compare/outcome.ts';

/**
 * `own`: Leash decided by itself, and no policy would have changed it. What a session only observed (`record`, `shadow`) took place, so it
 * counts as allowed: a candidate that denies it would have stopped it; so does a call to an MCP server that no policy spoke of. What a person was
 * asked about stays a question, however it ended; but not what Leash asked by itself.
 */
export function recordedOutcome(event: Event): Outcome | 'own' {
  const { effect, enforced, policies, reason, ask, detail } = event;
  if (ask !== undefined) return policies.length === 0 ? 'own' : 'ask';
  if (effect === 'allow') return policies.length === 0 && detail?.['judged'] !== false ? 'own' : 'allow';
  const isOwn = policies.length === 0 && reason !== undefined;
  if (isOwn) return 'own';
  return enforced ? 'deny' : 'allow';
}
