// A recorded event in, the request it was decided on out, and what the journal does not hold of it.
import { canonicalPath } from '../../proxy/http/path.ts';
import type { Event } from '../../schema/event.ts';
import { FILE_ACTIONS, type GitOperation, type ModelCall, type Program, type Request } from '../../schema/request.ts';

export interface RecordedRequest {
  readonly request: Request;
  /** Parts of the request that the journal does not keep, so that a policy may have seen more than can be repeated. */
  readonly missing: readonly string[];
}

type Detail = NonNullable<Event['detail']>;

function numberIn(detail: Detail, key: string): number {
  const value = detail[key];
  return typeof value === 'number' ? value : 0;
}

function textIn(detail: Detail, key: string): string {
  const value = detail[key];
  return typeof value === 'string' ? value : '';
}

function gitIn(detail: Detail): GitOperation | undefined {
  const repository = textIn(detail, 'repository');
  const operation = (['fetch', 'push', 'info'] as const).find((name) => name === detail['git']);
  return operation === undefined || repository === '' ? undefined : { operation, repository };
}

/** The uid inside the sandbox is that of the session's own account. Asked once: a system call an event is a quarter of a backtest. */
const UID = process.getuid?.() ?? 0;

function programOf({ who }: Event): Program {
  return { exe: who?.exe ?? '', uid: UID, ...(who?.via !== undefined && { via: who.via }) };
}

function pathRequest(event: Event, detail: Detail): RecordedRequest | undefined {
  if (event.resource.type !== 'path') return undefined;
  const { action, resource } = event;
  const program = programOf(event);
  const missing = detail['cut'] === true ? ['the ends of long texts'] : [];
  if (action === 'ProcessExec') {
    const argv = Array.isArray(detail['argv']) ? detail['argv'] : [];
    return { request: { action, resource, program, argv }, missing };
  }
  const fileAction = FILE_ACTIONS.find((known) => known === action);
  return fileAction === undefined ? undefined : { request: { action: fileAction, resource, program }, missing };
}

const MODEL_LISTS = ['model_tools', 'model_server_tools', 'model_mcp_servers'] as const;

/** What a request asked a language model for, as src/proxy/model/model-detail.ts records it. */
function modelIn(detail: Detail): ModelCall | undefined {
  const provider = textIn(detail, 'model_provider');
  if (provider === '') return undefined;
  const [tools = [], serverTools = [], mcpServers = []] = MODEL_LISTS.map((key) => {
    const list = detail[key];
    return Array.isArray(list) ? (list as readonly string[]) : [];
  });
  return { provider, name: textIn(detail, 'model'), tools, serverTools, mcpServers };
}

function hostRequest(event: Event, detail: Detail): RecordedRequest | undefined {
  if (event.resource.type !== 'host') return undefined;
  const { action, resource } = event;
  const port = numberIn(detail, 'port');
  switch (action) {
    case 'NetConnect': {
      const protocol = detail['protocol'] === 'udp' ? 'udp' : 'tcp';
      return {
        request: { action, resource, program: programOf(event), port, protocol, ip: textIn(detail, 'ip') },
        missing: [],
      };
    }
    case 'HttpRequest': {
      const scheme = detail['scheme'] === 'http' ? 'http' : 'https';
      const [method, path] = [textIn(detail, 'method'), canonicalPath(textIn(detail, 'path'))];
      const git = gitIn(detail);
      const model = modelIn(detail);
      const isCut = MODEL_LISTS.some((key) => detail[`${key}_more`] !== undefined);
      const http = { action, resource, program: programOf(event), port, method, path, query: '', scheme } as const;
      return {
        request: { ...http, headers: new Map(), ...(git && { git }), ...(model && { model }) },
        missing: ['headers', 'the query', ...(isCut ? ['some of the tools that were offered'] : [])],
      };
    }
    case 'DnsResolve':
      return { request: { action, resource, qtype: textIn(detail, 'qtype') }, missing: [] };
    default:
      return undefined;
  }
}

function callRequest({ action, resource }: Event, detail: Detail): RecordedRequest | undefined {
  if (action !== 'McpCall' || (resource.type !== 'tool' && resource.type !== 'server')) return undefined;
  const missing = detail['args'] === undefined ? [] : ['the arguments'];
  return { request: { action, resource, method: textIn(detail, 'method'), args: new Map() }, missing };
}

/** Undefined for an event that no policy decided: what the base filter refuses, and what happened to the session itself. */
export function recordedRequest(event: Event): RecordedRequest | undefined {
  const detail = event.detail ?? {};
  return pathRequest(event, detail) ?? hostRequest(event, detail) ?? callRequest(event, detail);
}
