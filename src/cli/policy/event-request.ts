// A recorded event in, the request it was decided on out, and what the journal does not hold of it.
import type { Event } from '../../schema/event.ts';
import { FILE_ACTIONS, type Request } from '../../schema/request.ts';

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

/** The uid inside the sandbox is that of the session's own account. */
function programOf(event: Event): { readonly exe: string; readonly uid: number } {
  return { exe: event.who?.exe ?? '', uid: process.getuid?.() ?? 0 };
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
      const [method, path] = [textIn(detail, 'method'), textIn(detail, 'path')];
      return {
        request: { action, resource, port, method, path, scheme, headers: new Map() },
        missing: ['headers', 'the query of the path'],
      };
    }
    case 'DnsResolve':
      return { request: { action, resource, qtype: textIn(detail, 'qtype') }, missing: [] };
    default:
      return undefined;
  }
}

/** Undefined for an event that no policy decided: what the base filter refuses, and what happened to the session itself. */
export function recordedRequest(event: Event): RecordedRequest | undefined {
  const detail = event.detail ?? {};
  return pathRequest(event, detail) ?? hostRequest(event, detail);
}
