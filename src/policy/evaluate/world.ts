// From a request and the session's facts to the world its policies are evaluated in: principal, action, resource, context, entities.

import { assertNever } from '../../host/errors.ts';
import type { Request } from '../../schema/request.ts';
import { agentGroups, type SessionFacts } from '../facts.ts';
import { actionGroups } from './actions.ts';
import type { EntityData, World } from './closure.ts';
import { ARGUMENTS, contextOf, HEADERS, serverOf } from './context.ts';
import { hostAncestors, type Peer } from './host-entity.ts';
import { pathAncestors, pathAttributes, pathEntity } from './path-entity.ts';
import { type Entity, entity, entityKey, text, type Value } from './value.ts';

const NOTHING: ReadonlyMap<string, Value> = new Map();
const NO_ANCESTORS: ReadonlySet<string> = new Set();

export function agentData(facts: SessionFacts): EntityData {
  const attributes = new Map<string, Value>([
    ['name', text(facts.agent)],
    ['session', text(facts.session)],
    ['project', text(facts.workspace)],
    ['labels', { kind: 'set', elements: [] }],
  ]);
  return { attributes, tags: NOTHING, ancestors: new Set(agentGroups(facts).map(([type, id]) => entityKey(type, id))) };
}

function peerOf(request: Request): Peer {
  switch (request.action) {
    case 'NetConnect':
      return { port: request.port, ip: request.ip };
    case 'HttpRequest':
      return { port: request.port, ...(request.git && { repository: request.git.repository }) };
    case 'HttpRewrite':
    case 'SecretUse':
      return { port: request.port };
    default:
      return {};
  }
}

/** Attributes and ancestors of something whose id is its only attribute. */
function named(name: string, ancestors: ReadonlySet<string> = NO_ANCESTORS): EntityData {
  return { attributes: new Map([['name', text(name)]]), tags: NOTHING, ancestors };
}

function tagged(values: ReadonlyMap<string, string>): EntityData {
  const tags = new Map([...values].map(([name, value]) => [name, text(value)]));
  return { attributes: NOTHING, tags, ancestors: NO_ANCESTORS };
}

function pathData(path: string, facts: SessionFacts): EntityData {
  return { attributes: pathAttributes(path), tags: NOTHING, ancestors: pathAncestors(path, facts) };
}

function resourceEntity({ resource }: Request): Entity {
  switch (resource.type) {
    case 'path':
      return pathEntity(resource.path);
    case 'host':
      return entity('Host', resource.name);
    case 'tool':
      return entity('MCP::Tool', resource.name);
    case 'server':
      return entity('MCP::Server', resource.name);
    case 'secret':
      return entity('Secret', resource.name);
    default:
      return assertNever(resource);
  }
}

/** Entities of the request's own: its resource, and what its context refers to besides files. */
function requestData({ type, id }: Entity, request: Request, facts: SessionFacts): EntityData | undefined {
  switch (request.action) {
    case 'NetConnect':
    case 'HttpRequest':
    case 'DnsResolve':
    case 'HttpRewrite':
      if (type === HEADERS.type) return request.action === 'HttpRequest' ? tagged(request.headers) : undefined;
      if (type !== 'Host' || id !== request.resource.name) return undefined;
      return named(id, hostAncestors(id, peerOf(request), facts.registries));
    case 'SecretUse':
      if (type === 'Host' && id === request.host.name)
        return named(id, hostAncestors(id, peerOf(request), facts.registries));
      return type === 'Secret' && id === request.resource.name ? named(id) : undefined;
    case 'McpCall':
      if (type === ARGUMENTS.type) return tagged(request.args);
      if (type === 'MCP::Server' && id === serverOf(request)) return named(id);
      if (request.resource.type !== 'tool' || type !== 'MCP::Tool' || id !== request.resource.name) return undefined;
      return named(id, new Set([entityKey('MCP::Server', request.resource.server)]));
    default:
      return undefined;
  }
}

export class RequestWorld implements World {
  readonly principal: Entity;
  readonly action: Entity;
  readonly resource: Entity;
  readonly #request: Request;
  readonly #facts: SessionFacts;
  readonly #known = new Map<string, EntityData | undefined>();
  #resourceData: EntityData | undefined;
  #context: Value | undefined;

  constructor(request: Request, facts: SessionFacts) {
    this.#request = request;
    this.#facts = facts;
    this.principal = entity('Agent', facts.agent);
    this.action = entity('Action', request.action);
    this.resource = resourceEntity(request);
  }

  get context(): Value {
    this.#context ??= contextOf(this.#request);
    return this.#context;
  }

  get isContextRead(): boolean {
    return this.#context !== undefined;
  }

  entity(type: string, id: string): EntityData | undefined {
    if (id === this.resource.id && type === this.resource.type) {
      this.#resourceData ??= this.#make(type, id);
      return this.#resourceData;
    }
    const key = entityKey(type, id);
    if (!this.#known.has(key)) this.#known.set(key, this.#make(type, id));
    return this.#known.get(key);
  }

  #make(type: string, id: string): EntityData | undefined {
    if (type === 'File' || type === 'Dir') return pathData(id, this.#facts);
    if (type === 'Agent') return id === this.#facts.agent ? agentData(this.#facts) : undefined;
    if (type !== 'Action') return requestData({ kind: 'entity', type, id }, this.#request, this.#facts);
    return { attributes: NOTHING, tags: NOTHING, ancestors: actionGroups(this.#request.action) };
  }
}

/**
 * Entities and context come into being when a policy asks for them. `facts` are canonical. The context of a request that has no Cedar
 * form throws TypeError; the caller denies it.
 */
export function worldOf(request: Request, facts: SessionFacts): RequestWorld {
  return new RequestWorld(request, facts);
}
