// A request that policy is about to judge enters; why it must not be, because the server may read another one, leaves.
import type { HttpRequest } from '../../schema/request.ts';
import { methodOverride, pathOverride } from '../http/override.ts';
import { pathAmbiguity } from '../http/path.ts';
import type { ProxyOptions } from '../options.ts';
import type { RequestMessage } from './passage.ts';

/** What the policies in force look at in the requests to a host; both are taken to be so where they are absent. */
export type Reads = Pick<ProxyOptions, 'readsPath' | 'readsMethod'>;

/**
 * Where policies look at neither path nor method, nothing is refused: what they decide does not depend on how either is read.
 * @returns the reason, for a person; undefined when every server reads the same request.
 */
export function ambiguityOf(message: RequestMessage, request: HttpRequest, reads: Reads): string | undefined {
  const { name } = request.resource;
  const { readsPath = () => true, readsMethod = () => true } = reads;
  const ambiguity = pathAmbiguity(request.path);
  if (ambiguity !== undefined && readsPath(name))
    return `the path has ${ambiguity}, so servers may read another path than the policy, which looks at the paths of ${name}`;
  if (!readsMethod(name) && !readsPath(name)) return undefined;
  const path = pathOverride(message);
  if (path !== undefined && readsPath(name))
    return `${path} names another path, and a policy looks at the paths of ${name}`;
  // Methods are case-sensitive (RFC 9110, section 9.1); frameworks turn them into capitals.
  if (/[a-z]/.test(request.method) && readsMethod(name))
    return `the method ${request.method} is not in capitals, so servers may read another one than the policy does`;
  const method = methodOverride(message, request.query);
  if (method === undefined || !readsMethod(name)) return undefined;
  return `${method} names another method than ${request.method}, and a policy looks at the methods of requests to ${name}`;
}
