// Which part of Leash answers a request: the table in the warden, or the evaluator behind it, or the proxy.
import type { Request } from '../../schema/request.ts';
import { TABLE_ALLOW, TABLE_DENY } from '../compile/image.ts';
import { tableVerdict } from '../compile/table-verdict.ts';
import { ENFORCED_ACTIONS } from '../evaluate/actions.ts';

/**
 * `table`: the warden, from path and program. `manager`: the warden asks, because the policies depend on more, or a person decides.
 * `proxy`: connections, HTTP requests and names are always decided where their name is known.
 * `nobody`: a session of this version never asks.
 */
export type Decider = 'table' | 'manager' | 'proxy' | 'nobody';

/** `image` is the table of the policy set that decides. */
export function deciderOf(image: Uint8Array, request: Request): Decider {
  if (!ENFORCED_ACTIONS.includes(request.action)) return 'nobody';
  const verdict = tableVerdict(image, request, 'enforced');
  if (verdict === undefined) return 'proxy';
  return verdict === TABLE_ALLOW || verdict === TABLE_DENY ? 'table' : 'manager';
}
