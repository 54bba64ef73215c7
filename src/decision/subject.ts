// A request that a policy asks about in; what an approval of it is for out: exact, so that it lifts nothing else.
import { createHash } from 'node:crypto';
import type { Particulars } from '../schema/approval.ts';
import type { Action, ModelCall, Program, Request, Resource } from '../schema/request.ts';

/** One action on one resource that needs a person's word. */
export interface Subject {
  /** SHA-256 (hex) of everything the word is for. */
  readonly key: string;
  readonly agent: string;
  /** The executable that asks; '' when the request is not about a program. */
  readonly exe: string;
  /** The MCP server that the program belongs to. */
  readonly via?: string;
  readonly action: Action;
  readonly resource: Resource;
  readonly particulars: Particulars;
}

/** Whose request it is. */
export type Asking = Pick<Program, 'exe' | 'via'>;

export interface SubjectContext {
  /** Name of the agent. */
  readonly agent: string;
  /** Texts of the policies that ask: an edit of one makes another question of it. */
  readonly texts: readonly string[];
  /** Of a request that does not say which program makes it. */
  readonly by?: Asking;
}

/** A name is looked up for both families at once, and an address tells nothing outside: one question. */
function family(qtype: string): string {
  return qtype === 'AAAA' ? 'A' : qtype;
}

/** By the names of the event; the order of tools means nothing. */
function modelParticulars({ provider, name, tools, serverTools, mcpServers }: ModelCall): Particulars {
  return {
    model_provider: provider,
    model: name,
    model_mcp_servers: mcpServers.toSorted(),
    model_server_tools: serverTools.toSorted(),
    model_tools: tools.toSorted(),
  };
}

/**
 * Left out is what differs between two times the same thing is done: the synthetic address behind a name, headers of a request,
 * process ids, how the program came to be started.
 */
function particularsOf(request: Request): Particulars {
  switch (request.action) {
    case 'ProcessExec': {
      const { argv, sha256 } = request;
      return { argv, ...(sha256 !== undefined && { sha256 }) };
    }
    case 'NetConnect':
      return { port: request.port, protocol: request.protocol };
    case 'HttpRequest': {
      const { method, path, query, scheme, port, model } = request;
      const asked = query === '' ? path : `${path}?${query}`;
      return { method, path: asked, scheme, port, ...(model && modelParticulars(model)) };
    }
    case 'DnsResolve':
      return { qtype: family(request.qtype) };
    case 'HttpRewrite':
      return { header: request.header, value: request.value, port: request.port };
    case 'SecretUse':
      return { host: request.host.name, header: request.header, port: request.port };
    case 'McpCall':
      return { method: request.method, args: [...request.args].flat() };
    default:
      return {};
  }
}

/** Of an argument of a call, in UTF-16 units, and of all of them. What is longer is counted: a part of it could be part of a credential. */
const MAX_SHOWN = 1_024;
const MAX_LISTED = 128;

/** For a person, and for the journal: a call may have 32 MiB of arguments. */
function shown(request: Request, particulars: Particulars): Particulars {
  if (request.action !== 'McpCall') return particulars;
  const args = [...request.args].slice(0, MAX_LISTED).flat();
  const more = request.args.size * 2 - args.length;
  const cut = args.map((text) => (text.length > MAX_SHOWN ? `${text.length} characters` : text));
  return { method: request.method, args: more > 0 ? [...cut, `and ${more / 2} more`] : cut };
}

export function subjectOf(request: Request, { agent, texts, by = { exe: '' } }: SubjectContext): Subject {
  const program: Asking & Pick<Program, 'sha256'> = 'program' in request ? request.program : by;
  const { action, resource } = request;
  const particulars = particularsOf(request);
  const { sha256 = '', via } = program;
  // Words of earlier versions, kept for always, stay what they were.
  const exact = [agent, program.exe, sha256, action, resource, particulars, texts, ...(via === undefined ? [] : [via])];
  const key = createHash('sha256').update(JSON.stringify(exact)).digest('hex');
  return {
    key,
    agent,
    exe: program.exe,
    ...(via !== undefined && { via }),
    action,
    resource,
    particulars: shown(request, particulars),
  };
}
