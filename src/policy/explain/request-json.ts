// A request in; the same as plain data out, without values that may be credentials.
import type { Request } from '../../schema/request.ts';

/** A request as plain data. Headers and arguments may carry credentials: their names only. */
export function requestJson(request: Request): unknown {
  switch (request.action) {
    case 'HttpRequest':
      return { ...request, headers: [...request.headers.keys()] };
    case 'McpCall':
      return { ...request, args: [...request.args.keys()] };
    case 'HttpRewrite': {
      const { value: _, ...rest } = request;
      return rest;
    }
    default:
      return request;
  }
}
