// Which part of Leash answers a request: the table in the warden, or the evaluator behind it, or the proxy.
import type { Request } from '../../schema/request.ts';
import { TABLE_ALLOW, TABLE_DENY } from '../compile/image.ts';
import { tableVerdict } from '../compile/table-verdict.ts';

/**
 * `table`: the warden, from path and program. `manager`: the warden asks, because the policies depend on more, or a person decides.
 * `proxy`: connections, HTTP requests, names and MCP calls are always decided where their name is known.
 */
export type Decider = 'table' | 'manager' | 'proxy';

/** `image` is the table of the policy set that decides. */
export function deciderOf(image: Uint8Array, request: Request): Decider {
  const verdict = tableVerdict(image, request, 'enforced');
  if (verdict === undefined) return 'proxy';
  return verdict === TABLE_ALLOW || verdict === TABLE_DENY ? 'table' : 'manager';
}
