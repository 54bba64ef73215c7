// A checked head and its target enter, the request that policy judges leaves.
import type { HttpRequest } from '../../schema/request.ts';
import type { RequestHead } from './head.ts';
import type { Origin, Target } from './target.ts';

/** Values of a repeated field are joined as RFC 9110, section 5.3, permits, so that no rule sees only the first. */
function headerMap(head: RequestHead): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const { name, value } of head.fields) {
    const previous = headers.get(name);
    headers.set(name, previous === undefined ? value : `${previous}, ${value}`);
  }
  return headers;
}

export function judgedRequest(head: RequestHead, { path }: Target, { name, port, scheme }: Origin): HttpRequest {
  const resource = { type: 'host', name } as const;
  return { action: 'HttpRequest', resource, port, method: head.method, path, scheme, headers: headerMap(head) };
}
