// The request of a Cedar test in; the same as a session of Leash would ask it, if one can, out.

import { FILE_ACTIONS, type Program, type Request } from '../../schema/request.ts';
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
  const { uid, sha256 } = proc;
  const exe = idOf(proc['exe'], 'File');
  if (exe === undefined || typeof uid !== 'number' || !Array.isArray(proc['ancestors'])) return undefined;
  const ancestors = proc['ancestors'].flatMap((ancestor) => idOf(ancestor, 'File') ?? []);
  return { exe, uid, ancestors, ...(typeof sha256 === 'string' ? { sha256 } : {}) };
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

function hostRequest(test: CedarTest, context: Json): Request | undefined {
  const { action, resource } = test;
  const host = { type: 'host', name: resource.id } as const;
  const { port, protocol, method, path, scheme, qtype, hostname } = context;
  if (action.id === 'DnsResolve') {
    return typeof qtype === 'string' ? { action: 'DnsResolve', resource: host, qtype } : undefined;
  }
  if (typeof port !== 'number' || hostname !== resource.id) return undefined;
  if (action.id === 'NetConnect') {
    const [program, ip] = [programIn(context), addressOf(context['ip'])];
    if (program === undefined || ip === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return undefined;
    return { action: 'NetConnect', resource: host, program, port, protocol, ip };
  }
  if (action.id !== 'HttpRequest' || typeof method !== 'string' || typeof path !== 'string') return undefined;
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  return {
    action: 'HttpRequest',
    resource: host,
    port,
    method,
    path,
    scheme,
    headers: tagsOf(test, context['headers'], 'Http::Headers'),
  };
}

function secretRequest({ resource }: CedarTest, context: Json): Request | undefined {
  const [name, header] = [idOf(context['host'], 'Host'), context['header']];
  if (name === undefined || typeof header !== 'string') return undefined;
  return { action: 'SecretUse', resource: { type: 'secret', name: resource.id }, host: { type: 'host', name }, header };
}

function rewriteRequest({ resource }: CedarTest, { header, value, hostname }: Json): Request | undefined {
  if (typeof header !== 'string' || typeof value !== 'string' || hostname !== resource.id) return undefined;
  return { action: 'HttpRewrite', resource: { type: 'host', name: resource.id }, header, value };
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
