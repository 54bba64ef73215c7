// The words of `leash policy explain` in, the request they describe out. No I/O.
import { LeashError } from '../../host/errors.ts';
import { ACTION_GROUPS, ACTIONS } from '../../policy/evaluate/actions.ts';
import { parseHostId } from '../../policy/evaluate/host-entity.ts';
import { parseCanonicalAddress } from '../../policy/evaluate/ip.ts';
import { ALIASES, aliasTarget, isCanonicalPath, type SessionFacts } from '../../policy/facts.ts';
import { tokenize } from '../../policy/text/lexer.ts';
import { entityLiteralAt } from '../../policy/text/rewrite.ts';
import type { Action, Program, Request } from '../../schema/request.ts';
import { type Invocation, lastValue } from '../command.ts';
import { nearest } from '../suggest.ts';
import { asProxied } from './as-proxied.ts';
import { REQUEST_OPTIONS } from './request-options.ts';

/** What the network shows the agent instead of an address: RFC 2544 reserves the range. */
const SYNTHETIC_ADDRESS = '198.18.0.7';

const TOOL_CALL = 'tools/call';

function usage(message: string): LeashError {
  return new LeashError('LEASH_USAGE', message);
}

function parseAction(word: string): Action {
  const name = /^Action::"(.*)"$/.exec(word)?.[1] ?? word;
  const action = ACTIONS.find((known) => known === name);
  if (action !== undefined) return action;
  if ((ACTION_GROUPS as readonly string[]).includes(name)) {
    throw usage(
      `${name} is a group of actions; a request has one of its members, such as ${name === 'NetworkConnect' ? 'NetConnect' : 'FileWrite'}`,
    );
  }
  const meant = nearest(name, ACTIONS);
  const ways = meant === undefined ? `the actions are ${ACTIONS.join(', ')}` : `did you mean ${meant}?`;
  throw usage(`no request has the action ${JSON.stringify(name)}; ${ways}`);
}

/** `File::"/a"` as it stands in a policy names the same as `/a`. */
function literalId(word: string): string {
  const tokens = tokenize(word);
  const literal = entityLiteralAt(tokens, 0);
  return literal !== undefined && literal.next === tokens.length ? literal.id : word;
}

/** A path from the root, from a directory of the session (`@workspace/`), or from the workspace. */
export function parsePath(word: string, facts: SessionFacts): string {
  const id = literalId(word);
  const alias = ALIASES.find((name) => id.startsWith(name));
  if (alias !== undefined) return aliasTarget(facts, alias) + id.slice(alias.length);
  const path = id.startsWith('/') ? id : `${facts.workspace}${id.replace(/^\.\//, '')}`;
  if (isCanonicalPath(path)) return path;
  throw usage(`${JSON.stringify(word)} is not a path that a request can have: no "//", "/./" or "/../"`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw usage(`${JSON.stringify(text)} is not a port (0 to 65535)`);
  return port;
}

interface Host {
  readonly name: string;
  readonly port: number | undefined;
}

function parseHost(word: string): Host {
  const host = parseHostId(literalId(word));
  if (host === undefined || host.name.startsWith('*')) {
    throw usage(`${JSON.stringify(word)} is not a host: a name in lower case or an address, with an optional port`);
  }
  return { name: host.name, port: host.port };
}

function parseHeaders(words: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    words.map((word) => {
      const colon = word.indexOf(':');
      if (colon < 1) throw usage('--header needs NAME:VALUE'); // the value may be a secret and stays out of the message
      return [word.slice(0, colon).toLowerCase(), word.slice(colon + 1).trim()];
    }),
  );
}

function checkOptions(action: Action, invocation: Invocation): void {
  const wrong = REQUEST_OPTIONS.find(({ name, actions }) => invocation.values.has(name) && !actions.includes(action));
  if (wrong !== undefined)
    throw usage(`--${wrong.name} says nothing about ${action}; it is for ${wrong.actions.join(', ')}`);
}

function connectOrHttp(action: 'NetConnect' | 'HttpRequest', word: string, invocation: Invocation): Request {
  const { name, port: named } = parseHost(word);
  const asked = lastValue(invocation, 'port');
  const port = asked === undefined ? (named ?? 443) : parsePort(asked);
  const resource = { type: 'host', name } as const;
  if (action === 'NetConnect') {
    const ip = lastValue(invocation, 'ip') ?? (parseCanonicalAddress(name) === undefined ? SYNTHETIC_ADDRESS : name);
    if (parseCanonicalAddress(ip) === undefined)
      throw usage(`--ip needs an address in canonical text, got ${JSON.stringify(ip)}`);
    const protocol = lastValue(invocation, 'protocol') === 'udp' ? 'udp' : 'tcp';
    return { action, resource, program: programOf(invocation), port, protocol, ip };
  }
  const scheme = lastValue(invocation, 'scheme') === 'http' ? 'http' : 'https';
  const method = lastValue(invocation, 'method') ?? 'GET';
  const [path = '', ...rest] = (lastValue(invocation, 'path') ?? '/').split('?');
  const headers = parseHeaders(invocation.values.get('header') ?? []);
  const program = programOf(invocation);
  return asProxied({ action, resource, program, port, method, path, query: rest.join('?'), scheme, headers });
}

function credential(action: 'HttpRewrite' | 'SecretUse', word: string, invocation: Invocation): Request {
  const [header = ''] = invocation.values.get('header') ?? [];
  const [[name, value] = ['authorization', '']] = header === '' ? [] : parseHeaders([header]);
  const asked = lastValue(invocation, 'port');
  const portOf = (named: number | undefined): number => (asked === undefined ? (named ?? 443) : parsePort(asked));
  if (action === 'HttpRewrite') {
    const host = parseHost(word);
    return { action, resource: { type: 'host', name: host.name }, port: portOf(host.port), header: name, value };
  }
  const toward = lastValue(invocation, 'host');
  if (toward === undefined) throw usage('say with --host where the credential goes: --host api.example');
  const { name: hostName, port } = parseHost(toward);
  const resource = { type: 'secret', name: literalId(word) } as const;
  return { action, resource, host: { type: 'host', name: hostName }, port: portOf(port), header: name };
}

function mcpCall(word: string, invocation: Invocation): Request {
  const action = 'McpCall';
  const name = literalId(word);
  const args = new Map(
    (invocation.values.get('arg') ?? []).map((pair): [string, string] => {
      const at = pair.indexOf('=');
      if (at < 1) throw usage('of McpCall, --arg needs NAME=VALUE: --arg path=/etc/passwd');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const server = lastValue(invocation, 'server');
  const method = lastValue(invocation, 'method');
  if (server !== undefined && (method ?? TOOL_CALL) === TOOL_CALL)
    return { action, resource: { type: 'tool', name, server }, method: TOOL_CALL, args };
  if (server === undefined && method !== undefined && method !== TOOL_CALL)
    return { action, resource: { type: 'server', name }, method, args };
  throw usage('a call is of a tool, with --server HOST, or of a server, with --method NAME other than tools/call');
}

function programOf(invocation: Invocation): Program {
  const exe = lastValue(invocation, 'exe') ?? '';
  if (exe !== '' && !isCanonicalPath(exe)) throw usage(`--exe needs an absolute path, got ${JSON.stringify(exe)}`);
  const via = lastValue(invocation, 'via');
  if (via !== undefined && !/^mcp:./.test(via))
    throw usage(`--via needs an MCP server such as mcp:files, got ${JSON.stringify(via)}`);
  return { exe, uid: process.getuid?.() ?? 0, ...(via !== undefined && { via }) };
}

/** `facts` are canonical. Throws LEASH_USAGE with what is wrong and what would be right. */
export function requestArgs(invocation: Invocation, facts: SessionFacts): Request {
  const [actionWord, resourceWord] = invocation.words;
  if (actionWord === undefined) throw usage('say which action, on which resource: FileWrite /etc/hosts');
  const action = parseAction(actionWord);
  if (resourceWord === undefined || resourceWord === '')
    throw usage(`say on which resource: ${action} needs a path, a host, a secret or a tool`);
  checkOptions(action, invocation);
  if (action === 'NetConnect' || action === 'HttpRequest') return connectOrHttp(action, resourceWord, invocation);
  if (action === 'HttpRewrite' || action === 'SecretUse') return credential(action, resourceWord, invocation);
  if (action === 'McpCall') return mcpCall(resourceWord, invocation);
  if (action === 'DnsResolve') {
    const resource = { type: 'host', name: parseHost(resourceWord).name } as const;
    return { action, resource, qtype: lastValue(invocation, 'qtype') ?? 'A' };
  }
  const resource = { type: 'path', path: parsePath(resourceWord, facts) } as const;
  const program = programOf(invocation);
  if (action !== 'ProcessExec') return { action, resource, program };
  if (resource.path.endsWith('/')) throw usage(`${resource.path} is a directory, and no directory is executed`);
  return { action, resource, program, argv: [resource.path, ...(invocation.values.get('arg') ?? [])] };
}
