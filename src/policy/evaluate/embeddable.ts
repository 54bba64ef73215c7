// A request in; whether leash.cedarschema has a form for it out. One that has none is denied whatever the policies say.
import type { Action, Request, Resource } from '../../schema/request.ts';
import { isCanonicalPath } from '../facts.ts';
import { ACTIONS } from './actions.ts';
import { serverOf } from './context.ts';
import { isPeerName } from './host-entity.ts';
import { parseIp } from './ip.ts';

/** As in `appliesTo` of the schema: a policy for all resources permits no others. */
function resourceTypes(action: Action): readonly Resource['type'][] {
  switch (action) {
    case 'NetConnect':
    case 'HttpRequest':
    case 'DnsResolve':
    case 'HttpRewrite':
      return ['host'];
    case 'SecretUse':
      return ['secret'];
    case 'McpCall':
      return ['tool', 'server'];
    default:
      return ['path'];
  }
}

/** JSON may hold half of a surrogate pair, and Cedar has no such text. */
function isText(source: string): boolean {
  return !/\p{Surrogate}/u.test(source);
}

/** None, or `mcp:` and a name: all that leash.cedarschema says `context.proc.via` can be. */
function isServerMark(via: string): boolean {
  return /^(?:mcp:[^\0]+)?$/.test(via) && isText(via);
}

function hasForm(request: Request): boolean {
  if ('program' in request && !isServerMark(request.program.via ?? '')) return false;
  switch (request.action) {
    case 'NetConnect':
      return isPeerName(request.resource.name) && parseIp(request.ip) !== undefined;
    case 'HttpRequest':
      return (
        isPeerName(request.resource.name) &&
        Object.values(request.model ?? {})
          .flat()
          .every(isText)
      );
    case 'DnsResolve':
    case 'HttpRewrite':
      return isPeerName(request.resource.name);
    case 'SecretUse':
      return isPeerName(request.host.name);
    case 'McpCall': {
      const { resource, method, args } = request;
      return [resource.name, serverOf(request), method, ...args.keys(), ...args.values()].every(isText);
    }
    case 'ProcessExec':
      return isCanonicalPath(request.resource.path) && !request.resource.path.endsWith('/');
    default:
      return isCanonicalPath(request.resource.path);
  }
}

/** Not so: a path that is not canonical, a directory to execute, an address or a host name that is none, a program of what is no server, another action's resource. */
export function isEmbeddable(request: Request): boolean {
  const { action, resource } = request;
  return ACTIONS.includes(action) && resourceTypes(action).includes(resource.type) && hasForm(request);
}
