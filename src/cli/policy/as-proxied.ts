// A request as a person writes it in, the one that the proxy would judge out.
import { judgedRequest } from '../../proxy/http/request.ts';
import type { HttpRequest } from '../../schema/request.ts';

/** With its path in canonical form, and with what it does to a Git repository. */
export function asProxied({ resource, program, port, method, path, query, scheme, headers }: HttpRequest): HttpRequest {
  const fields = [...headers].map(([name, value]) => ({ name, value, line: `${name}: ${value}` }));
  const target = query === '' ? path : `${path}?${query}`;
  return judgedRequest({ method, path: target, fields }, { name: resource.name, port, scheme }, program);
}
