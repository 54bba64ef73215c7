// The words of `leash policy explain` in, the request they describe out. No I/O.
import { LeashError } from '../../host/errors.ts';
import { ACTION_GROUPS, ENFORCED_ACTIONS } from '../../policy/evaluate/actions.ts';
import { parseHostId } from '../../policy/evaluate/host-entity.ts';
import { parseCanonicalAddress } from '../../policy/evaluate/ip.ts';
import { ALIASES, aliasTarget, isCanonicalPath, type SessionFacts } from '../../policy/facts.ts';
import { tokenize } from '../../policy/text/lexer.ts';
import { entityLiteralAt } from '../../policy/text/rewrite.ts';
import { type Action, FILE_ACTIONS, type Request } from '../../schema/request.ts';
import { type Invocation, lastValue } from '../command.ts';
import { nearest } from '../suggest.ts';
import { REQUEST_OPTIONS } from './request-options.ts';

/** What the network shows the agent instead of an address: RFC 2544 reserves the range. */
const SYNTHETIC_ADDRESS = '198.18.0.7';

function usage(message: string): LeashError {
  return new LeashError('LEASH_USAGE', message);
}

function parseAction(word: string): Action {
  const name = /^Action::"(.*)"$/.exec(word)?.[1] ?? word;
  const action = ENFORCED_ACTIONS.find((known) => known === name);
  if (action !== undefined) return action;
  if ((ACTION_GROUPS as readonly string[]).includes(name)) {
    throw usage(
      `${name} is a group of actions; a request has one of its members, such as ${name === 'NetworkConnect' ? 'NetConnect' : 'FileWrite'}`,
    );
  }
  const meant = nearest(name, ENFORCED_ACTIONS);
  const ways = meant === undefined ? `the actions are ${ENFORCED_ACTIONS.join(', ')}` : `did you mean ${meant}?`;
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
  const path = lastValue(invocation, 'path') ?? '/';
  return { action, resource, port, method, path, scheme, headers: parseHeaders(invocation.values.get('header') ?? []) };
}

function programOf(invocation: Invocation): { readonly exe: string; readonly uid: number } {
  const exe = lastValue(invocation, 'exe') ?? '';
  if (exe !== '' && !isCanonicalPath(exe)) throw usage(`--exe needs an absolute path, got ${JSON.stringify(exe)}`);
  return { exe, uid: process.getuid?.() ?? 0 };
}

/** `facts` are canonical. Throws LEASH_USAGE with what is wrong and what would be right. */
export function requestArgs(invocation: Invocation, facts: SessionFacts): Request {
  const [actionWord, resourceWord] = invocation.words;
  if (actionWord === undefined) throw usage('say which action, on which resource: FileWrite /etc/hosts');
  const action = parseAction(actionWord);
  if (resourceWord === undefined || resourceWord === '')
    throw usage(`say on which resource: ${action} needs a path or a host`);
  checkOptions(action, invocation);
  if (action === 'NetConnect' || action === 'HttpRequest') return connectOrHttp(action, resourceWord, invocation);
  if (action === 'DnsResolve') {
    const resource = { type: 'host', name: parseHost(resourceWord).name } as const;
    return { action, resource, qtype: lastValue(invocation, 'qtype') ?? 'A' };
  }
  const resource = { type: 'path', path: parsePath(resourceWord, facts) } as const;
  const program = programOf(invocation);
  if (action !== 'ProcessExec') {
    const fileAction = FILE_ACTIONS.find((known) => known === action);
    if (fileAction === undefined) throw usage(`${action} is not enforced by this version`);
    return { action: fileAction, resource, program };
  }
  if (resource.path.endsWith('/')) throw usage(`${resource.path} is a directory, and no directory is executed`);
  return { action, resource, program, argv: [resource.path, ...(invocation.values.get('arg') ?? [])] };
}
