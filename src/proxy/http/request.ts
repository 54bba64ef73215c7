// A checked message and the verified peer enter, the request that policy judges leaves.
import type { HttpRequest, Program } from '../../schema/request.ts';
import type { RequestMessage } from '../exchange/passage.ts';
import { gitOperation } from './git.ts';
import { canonicalPath } from './path.ts';
import type { Origin } from './target.ts';

/** Values of a repeated field are joined as RFC 9110, section 5.3, permits, so that no rule sees only the first. */
function headerMap(fields: RequestMessage['fields']): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const { name, value } of fields) {
    const previous = headers.get(name);
    headers.set(name, previous === undefined ? value : `${previous}, ${value}`);
  }
  return headers;
}

/** `program` opened the connection. */
export function judgedRequest(message: RequestMessage, origin: Origin, program: Program): HttpRequest {
  const { method, path: target, fields } = message;
  const { name, port, scheme } = origin;
  const resource = { type: 'host', name } as const;
  const mark = target.indexOf('?');
  const path = canonicalPath(mark < 0 ? target : target.slice(0, mark));
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const headers = headerMap(fields);
  const request = { action: 'HttpRequest', resource, program, port, method, path, query, scheme, headers } as const;
  const git = gitOperation(request);
  return git === undefined ? request : { ...request, git };
}
