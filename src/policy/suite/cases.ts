// The text of a `.cases` file in, its expectations out: a line each of effect, action, resource, determining policies and perhaps an MCP server.

import { FILE_ACTIONS, type HttpRequest, type McpRequest, type Request } from '../../schema/request.ts';
import { ALIASES, aliasTarget, type SessionFacts } from '../facts.ts';

export interface PolicyCase {
  readonly line: string;
  /** From 1. */
  readonly number: number;
  readonly effect: 'allow' | 'deny';
  /** Ids, sorted. */
  readonly policies: readonly string[];
  readonly request: Request;
}

/** A line that is no case: what is wrong with it. */
export class CaseError extends Error {
  /** From 1. */
  readonly number: number;

  constructor(number: number, message: string) {
    super(message);
    this.number = number;
  }
}

const PROGRAM = { exe: '/usr/bin/node', uid: 1000 };
const SYNTHETIC_ADDRESS = '198.18.0.7';

function expand(resource: string, facts: SessionFacts): string {
  const alias = ALIASES.find((name) => resource.startsWith(name));
  return alias === undefined ? resource : aliasTarget(facts, alias) + resource.slice(alias.length);
}

const METHOD = /^([A-Z]+):(?=https?:)/;
const PORTS = { http: 80, https: 443 } as const;

/** `https://host/path?query` is read, `PUT:https://host:8443/path` says the method. */
function httpRequest(word: string): HttpRequest | undefined {
  const method = METHOD.exec(word)?.[1] ?? 'GET';
  const [, scheme, name = '', port, path = '/', query = ''] =
    /^(https?):\/\/([^/:?#]+)(?::(\d{1,5}))?(\/[^?#]*)?(?:\?([^#]*))?$/.exec(word.replace(METHOD, '')) ?? [];
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  return {
    action: 'HttpRequest',
    resource: { type: 'host', name },
    program: PROGRAM,
    port: port === undefined ? PORTS[scheme] : Number(port),
    method,
    path,
    query,
    scheme,
    headers: new Map(),
  };
}

/** What a session makes of a request that is written so: its canonical path, what it does to a repository. */
export type Complete = (request: HttpRequest) => HttpRequest;

function hostRequest(action: string, resource: string, complete: Complete): Request | undefined {
  if (action === 'HttpRequest') {
    const request = httpRequest(resource);
    return request && complete(request);
  }
  const [name = '', port] = resource.split(':');
  if (action === 'DnsResolve') return { action, resource: { type: 'host', name }, qtype: 'A' };
  if (action !== 'NetConnect' || port === undefined) return undefined;
  const ip = /^[\d.]+$/.test(name) ? name : SYNTHETIC_ADDRESS;
  return { action, resource: { type: 'host', name }, program: PROGRAM, port: Number(port), protocol: 'tcp', ip };
}

/** `tool@server`, or `server:method`. */
function mcpRequest(word: string): McpRequest | undefined {
  const [, tool, server] = /^(.+)@([^@]+)$/.exec(word) ?? [];
  if (tool !== undefined && server !== undefined)
    return { action: 'McpCall', resource: { type: 'tool', name: tool, server }, method: 'tools/call', args: new Map() };
  const [, name, method] = /^(.+):([a-z][\w/]*)$/i.exec(word) ?? [];
  if (name === undefined || method === undefined) return undefined;
  return { action: 'McpCall', resource: { type: 'server', name }, method, args: new Map() };
}

function requestOf(action: string, text: string, facts: SessionFacts, complete: Complete): Request | undefined {
  const resource = { type: 'path', path: expand(text, facts) } as const;
  const fileAction = FILE_ACTIONS.find((name) => name === action);
  if (fileAction !== undefined) return { action: fileAction, resource, program: PROGRAM };
  if (action === 'ProcessExec') return { action, resource, program: PROGRAM, argv: [text] };
  if (action === 'McpCall') return mcpRequest(text);
  return hostRequest(action, text, complete);
}

/** The same request, made by a program that belongs to an MCP server. */
function madeVia(request: Request, via: string, number: number): Request {
  if (!/^mcp:./.test(via)) throw new CaseError(number, `${JSON.stringify(via)} is no MCP server such as mcp:files`);
  if (!('program' in request)) throw new CaseError(number, `${request.action} does not say which program asks`);
  return { ...request, program: { ...request.program, via } };
}

function readCase(line: string, number: number, facts: SessionFacts, complete: Complete): PolicyCase {
  const [effect = '', action = '', resource = '', ids = '', via, more] = line.trim().split(/\s+/);
  if (effect !== 'allow' && effect !== 'deny')
    throw new CaseError(number, `${JSON.stringify(effect)} is not allow or deny`);
  if (ids === '') throw new CaseError(number, 'a case is: effect, action, resource, determining policies or -');
  if (more !== undefined) throw new CaseError(number, `${JSON.stringify(more)} is one word too many`);
  const plain = requestOf(action, resource, facts, complete);
  if (plain === undefined) throw new CaseError(number, `no case has the action ${action} on ${resource}`);
  const request = via === undefined ? plain : madeVia(plain, via, number);
  return { line, number, effect, policies: ids === '-' ? [] : ids.split(',').sort(), request };
}

/**
 * Reads the format described at the top of policies/coder.cases. `#` begins a comment line. `facts` are canonical. Throws CaseError.
 */
export function readCases(
  text: string,
  facts: SessionFacts,
  complete: Complete = (request) => request,
): readonly PolicyCase[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'))
    .map(({ line, number }) => readCase(line, number, facts, complete));
}
