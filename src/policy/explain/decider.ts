// Which part of Leash answers a request: the table in the warden, or the evaluator behind it, or the proxy.
import type { Request } from '../../schema/request.ts';
import { FILE_ACTIONS } from '../../schema/request.ts';
import { labelVerdict, TABLE_EXEC, TABLE_FILE, TABLE_QUERY, walkImage } from '../compile/image.ts';
import { ENFORCED_ACTIONS } from '../evaluate/actions.ts';

/**
 * `table`: the warden, from the path alone. `manager`: the warden asks, because the policies depend on more than the path.
 * `proxy`: connections, HTTP requests and names are always decided where their name is known.
 * `nobody`: a session of this version never asks.
 */
export type Decider = 'table' | 'manager' | 'proxy' | 'nobody';

/** `image` is the table of the policy set that decides. */
export function deciderOf(image: Uint8Array, request: Request): Decider {
  if (!ENFORCED_ACTIONS.includes(request.action)) return 'nobody';
  if (request.resource.type !== 'path') return 'proxy';
  const isExec = request.action === 'ProcessExec';
  const path = new TextEncoder().encode(request.resource.path);
  const label = walkImage(image, isExec ? TABLE_EXEC : TABLE_FILE, path);
  const index = isExec ? 0 : (FILE_ACTIONS as readonly string[]).indexOf(request.action);
  return labelVerdict(label, index, 'enforced') === TABLE_QUERY ? 'manager' : 'table';
}
