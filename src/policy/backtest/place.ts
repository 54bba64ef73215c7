// A recorded request and the session's directories in; the place that it is counted under out: a folder, a program, a host.
import type { Request } from '../../schema/request.ts';
import { withPort } from '../evaluate/host-entity.ts';
import { directoryOf } from '../evaluate/path-entity.ts';
import { ALIASES, aliasTarget, type SessionFacts } from '../facts.ts';

/** Folders below a directory of the session, or below the root, that are told apart. */
const LEVELS = 2;

function folderOf(path: string, facts: SessionFacts): string {
  const folder = path.endsWith('/') ? path : directoryOf(path);
  const alias = ALIASES.find((name) => folder.startsWith(aliasTarget(facts, name)));
  const root = alias === undefined ? '/' : aliasTarget(facts, alias);
  const names = folder.slice(root.length).split('/').slice(0, -1).slice(0, LEVELS);
  return [alias ?? '/', ...names.map((name) => `${name}/`)].join('');
}

/** Paths by their folder, at most two levels below `@workspace/`, `@home/`, `@tmp/` or the root. `facts` are canonical. */
export function placeOf(request: Request, facts: SessionFacts): string {
  const { action, resource } = request;
  if (resource.type === 'path') return action === 'ProcessExec' ? resource.path : folderOf(resource.path, facts);
  return 'port' in request && resource.type === 'host' ? withPort(resource.name, request.port) : resource.name;
}
