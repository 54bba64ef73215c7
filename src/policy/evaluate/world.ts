// From a request and the session's facts to the world its policies are evaluated in: principal, action, resource, context, entities.

import { assertNever } from '../../host/errors.ts';
import type { Program, Request } from '../../schema/request.ts';
import { agentGroups, type SessionFacts } from '../facts.ts';
import { actionGroups } from './actions.ts';
import type { EntityData, World } from './closure.ts';
import { hostAncestors } from './host-entity.ts';
import { parseIp } from './ip.ts';
import { pathAncestors, pathAttributes, pathEntity } from './path-entity.ts';
import { type Entity, entity, entityKey, record, text, type Value } from './value.ts';

const NOTHING: ReadonlyMap<string, Value> = new Map();
const HEADERS: Entity = entity('Http::Headers', 'request');

function integer(value: number): Value {
  return { kind: 'long', value: BigInt(value) };
}

export function agentData(facts: SessionFacts): EntityData {
  const attributes = new Map<string, Value>([
    ['name', text(facts.agent)],
    ['session', text(facts.session)],
    ['project', text(facts.workspace)],
    ['labels', { kind: 'set', elements: [] }],
  ]);
  return { attributes, tags: NOTHING, ancestors: new Set(agentGroups(facts).map(([type, id]) => entityKey(type, id))) };
}

/** An executable is never a directory; a final slash can only be a mistake of the caller. */
function executable(path: string): Entity {
  return entity('File', path.replace(/\/+$/, ''));
}

/** An optional attribute: absent when there is no text. */
function contentHash(sha256: string | undefined): Readonly<Record<string, Value>> {
  return sha256 === undefined ? {} : { sha256: text(sha256) };
}

function programRecord({ exe, uid, ancestors = [], sha256 }: Program): Value {
  return record({
    exe: executable(exe),
    uid: integer(uid),
    ancestors: { kind: 'set', elements: ancestors.map(executable) },
    ...contentHash(sha256),
  });
}

function connectContext(request: Request & { readonly action: 'NetConnect' }): Value {
  const ip = parseIp(request.ip);
  if (ip === undefined) throw new TypeError(`not an IP address: ${JSON.stringify(request.ip)}`);
  return record({
    hostname: text(request.resource.name),
    port: integer(request.port),
    protocol: text(request.protocol),
    ip,
    proc: programRecord(request.program),
  });
}

function httpContext(request: Request & { readonly action: 'HttpRequest' }): Value {
  return record({
    hostname: text(request.resource.name),
    port: integer(request.port),
    protocol: text('tcp'),
    method: text(request.method),
    path: text(request.path),
    scheme: text(request.scheme),
    headers: HEADERS,
  });
}

function contextOf(request: Request): Value {
  switch (request.action) {
    case 'ProcessExec':
      return record({
        proc: programRecord(request.program),
        args: text(request.argv.join(' ')),
        argv: { kind: 'set', elements: request.argv.map(text) },
        argc: integer(request.argv.length),
        ...contentHash(request.sha256),
      });
    case 'NetConnect':
      return connectContext(request);
    case 'HttpRequest':
      return httpContext(request);
    case 'DnsResolve':
      return record({ qtype: text(request.qtype) });
    case 'FileOpenReadOnly':
    case 'FileWrite':
    case 'FileCreate':
    case 'FileDelete':
    case 'FileRename':
    case 'FileLink':
    case 'FileSetAttr':
      return record({ proc: programRecord(request.program) });
    default:
      return assertNever(request);
  }
}

function ancestorsOfHost(request: Request): ReadonlySet<string> {
  const { name } = request.resource as { readonly name: string };
  if (request.action === 'NetConnect') return hostAncestors(name, request.port, request.ip);
  return request.action === 'HttpRequest' ? hostAncestors(name, request.port) : hostAncestors(name);
}

function hostData(request: Request): EntityData {
  const { name } = request.resource as { readonly name: string };
  return { attributes: new Map([['name', text(name)]]), tags: NOTHING, ancestors: ancestorsOfHost(request) };
}

function headerData(request: Request): EntityData | undefined {
  if (request.action !== 'HttpRequest') return undefined;
  const tags = new Map([...request.headers].map(([name, value]) => [name, text(value)]));
  return { attributes: NOTHING, tags, ancestors: new Set() };
}

function pathData(path: string, facts: SessionFacts): EntityData {
  return { attributes: pathAttributes(path), tags: NOTHING, ancestors: pathAncestors(path, facts) };
}

/**
 * Entities come into being when a policy asks for one. `facts` are canonical.
 * Throws TypeError for a request that has no Cedar form; the caller denies it.
 */
export function worldOf(request: Request, facts: SessionFacts): World {
  const resource =
    request.resource.type === 'path' ? pathEntity(request.resource.path) : entity('Host', request.resource.name);
  const known = new Map<string, EntityData | undefined>();
  const make = (type: string, id: string): EntityData | undefined => {
    if (type === 'File' || type === 'Dir') return pathData(id, facts);
    if (type === 'Agent' && id === facts.agent) return agentData(facts);
    if (type === 'Action') return { attributes: NOTHING, tags: NOTHING, ancestors: actionGroups(request.action) };
    if (type === 'Host' && id === resource.id) return hostData(request);
    return type === HEADERS.type ? headerData(request) : undefined;
  };
  return {
    principal: entity('Agent', facts.agent),
    action: entity('Action', request.action),
    resource,
    context: contextOf(request),
    entity(type, id) {
      const key = entityKey(type, id);
      if (!known.has(key)) known.set(key, make(type, id));
      return known.get(key);
    },
  };
}
