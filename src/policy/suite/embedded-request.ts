// The request of a Cedar test in; the same as a session of Leash would ask it, if one can, out.

import {
  FILE_ACTIONS,
  type GitOperation,
  type HttpRequest,
  type ModelCall,
  type Program,
  type Request,
} from '../../schema/request.ts';
import { isCanonicalPath, type SessionFacts } from '../facts.ts';
import type { CedarTest } from './cedar-tests.ts';

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

/** An entity in a context is `{"__entity": {type, id}}`, or with a schema `{type, id}`. */
function idOf(value: unknown, type: string): string | undefined {
  const uid = object(object(value)['__entity'] ?? value);
  return uid['type'] === type && typeof uid['id'] === 'string' ? uid['id'] : undefined;
}

/** An address is `{"__extn": {fn, arg}}`, or with a schema its text. */
function addressOf(value: unknown): string | undefined {
  const text = object(object(value)['__extn'])['arg'] ?? value;
  return typeof text === 'string' ? text : undefined;
}

function programIn(context: Json): Program | undefined {
  const proc = object(context['proc']);
  const { uid, sha256, via = '' } = proc;
  const exe = idOf(proc['exe'], 'File');
  if (exe === undefined || typeof uid !== 'number' || !Array.isArray(proc['ancestors'])) return undefined;
  if (typeof via !== 'string') return undefined;
  const ancestors = proc['ancestors'].flatMap((ancestor) => idOf(ancestor, 'File') ?? []);
  return { exe, uid, ancestors, ...(typeof sha256 === 'string' ? { sha256 } : {}), ...(via === '' ? {} : { via }) };
}

function pathRequest({ action, resource }: CedarTest, context: Json): Request | undefined {
  const program = programIn(context);
  const type = resource.id.endsWith('/') ? 'Dir' : 'File';
  if (program === undefined || resource.type !== type || !isCanonicalPath(resource.id)) return undefined;
  const path = { type: 'path', path: resource.id } as const;
  const fileAction = FILE_ACTIONS.find((name) => name === action.id);
  if (fileAction !== undefined) return { action: fileAction, resource: path, program };
  const { args, argv, argc, sha256 } = context;
  if (action.id !== 'ProcessExec' || typeof args !== 'string' || !Array.isArray(argv)) return undefined;
  // A set has no order: the words of `args` do, unless one holds a space.
  const words = args.split(' ');
  const isSame = argc === words.length && argv.every((word) => words.includes(String(word)));
  const content = typeof sha256 === 'string' ? { sha256 } : {};
  return isSame ? { action: 'ProcessExec', resource: path, program, argv: words, ...content } : undefined;
}

/** Headers and arguments are the tags of the entity that the context names. */
function tagsOf({ entities }: CedarTest, value: unknown, type: string): ReadonlyMap<string, string> {
  const id = idOf(value, type);
  const holder = entities?.find(({ uid }) => idOf(uid, type) === id);
  const tags = Object.entries(holder?.tags ?? {});
  return new Map(tags.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])));
}

function textsIn(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
}

/** Undefined when it is none. */
function gitIn(value: unknown): GitOperation | undefined {
  const { operation, repository } = object(value);
  const known = (['fetch', 'push', 'info'] as const).find((name) => name === operation);
  return known !== undefined && typeof repository === 'string' ? { operation: known, repository } : undefined;
}

/** Undefined when it is none. */
function modelIn(value: unknown): ModelCall | undefined {
  const { provider, name, ...sets } = object(value);
  const [tools, serverTools, mcpServers] = ['tools', 'serverTools', 'mcpServers'].map((set) => textsIn(sets[set]));
  if (typeof provider !== 'string' || typeof name !== 'string') return undefined;
  return tools && serverTools && mcpServers && { provider, name, tools, serverTools, mcpServers };
}

function httpRequest(test: CedarTest, context: Json): HttpRequest | undefined {
  const { port, protocol, method, path, query, scheme, hostname } = context;
  const resource = { type: 'host', name: test.resource.id } as const;
  const [program, git, model] = [programIn(context), gitIn(context['git']), modelIn(context['model'])];
  if (typeof port !== 'number' || hostname !== resource.name || protocol !== 'tcp') return undefined;
  if (typeof method !== 'string' || typeof path !== 'string' || typeof query !== 'string') return undefined;
  if (program === undefined || (scheme !== 'http' && scheme !== 'https')) return undefined;
  if ('git' in context !== (git !== undefined) || 'model' in context !== (model !== undefined)) return undefined;
  return {
    action: 'HttpRequest',
    resource,
    program,
    port,
    method,
    path,
    query,
    scheme,
    headers: tagsOf(test, context['headers'], 'Http::Headers'),
    ...(git && { git }),
    ...(model && { model }),
  };
}

function hostRequest(test: CedarTest, context: Json): Request | undefined {
  const { action, resource } = test;
  const host = { type: 'host', name: resource.id } as const;
  const { port, protocol, qtype, hostname } = context;
  if (action.id === 'DnsResolve') {
    return typeof qtype === 'string' ? { action: 'DnsResolve', resource: host, qtype } : undefined;
  }
  if (typeof port !== 'number' || hostname !== resource.id) return undefined;
  if (action.id === 'NetConnect') {
    const [program, ip] = [programIn(context), addressOf(context['ip'])];
    if (program === undefined || ip === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return undefined;
    return { action: 'NetConnect', resource: host, program, port, protocol, ip };
  }
  return undefined;
}

function secretRequest({ resource }: CedarTest, context: Json): Request | undefined {
  const { header, port } = context;
  const name = idOf(context['host'], 'Host');
  if (name === undefined || typeof header !== 'string' || typeof port !== 'number') return undefined;
  const host = { type: 'host', name } as const;
  return { action: 'SecretUse', resource: { type: 'secret', name: resource.id }, host, port, header };
}

function rewriteRequest({ resource }: CedarTest, { header, value, hostname, port }: Json): Request | undefined {
  if (typeof header !== 'string' || typeof value !== 'string' || hostname !== resource.id) return undefined;
  if (typeof port !== 'number') return undefined;
  return { action: 'HttpRewrite', resource: { type: 'host', name: resource.id }, port, header, value };
}

function mcpRequest(test: CedarTest, context: Json): Request | undefined {
  const { id: name, type } = test.resource;
  const { server, method } = context;
  if (typeof server !== 'string' || typeof method !== 'string') return undefined;
  const args = tagsOf(test, context['args'], 'MCP::Args');
  if (type === 'MCP::Tool') return { action: 'McpCall', resource: { type: 'tool', name, server }, method, args };
  return name === server ? { action: 'McpCall', resource: { type: 'server', name }, method, args } : undefined;
}

/** By action and type of the resource. */
const READERS: Readonly<Record<string, (test: CedarTest, context: Json) => Request | undefined>> = {
  'SecretUse Secret': secretRequest,
  'HttpRequest Host': httpRequest,
  'HttpRewrite Host': rewriteRequest,
  'McpCall MCP::Tool': mcpRequest,
  'McpCall MCP::Server': mcpRequest,
};

/**
 * Undefined when no session asks this: another principal than the agent of `facts`, a path that is not canonical, a context that
 * contradicts its resource.
 */
export function embeddedRequest(test: CedarTest, facts: SessionFacts): Request | undefined {
  if (test.action.type !== 'Action') return undefined;
  if (test.principal.type !== 'Agent' || test.principal.id !== facts.agent) return undefined;
  const context = test.context as Json;
  const reader = `${test.action.id} ${test.resource.type}`;
  if (Object.hasOwn(READERS, reader)) return READERS[reader]?.(test, context);
  return test.resource.type === 'Host' ? hostRequest(test, context) : pathRequest(test, context);
}
