// The request in, its context record of the Cedar schema out.

import { assertNever } from '../../host/errors.ts';
import type { GitOperation, McpRequest, ModelCall, Program, Request } from '../../schema/request.ts';
import { parseIp } from './ip.ts';
import { type Entity, entity, record, text, type Value } from './value.ts';

/** Holds the header fields of the request as tags. */
export const HEADERS: Entity = entity('Http::Headers', 'request');
/** Holds the arguments of the call as tags. */
export const ARGUMENTS: Entity = entity('MCP::Args', 'call');

export function serverOf({ resource }: McpRequest): string {
  return resource.type === 'tool' ? resource.server : resource.name;
}

function integer(value: number): Value {
  return { kind: 'long', value: BigInt(value) };
}

/** An executable is never a directory; a final slash can only be a mistake of the caller. */
function executable(path: string): Entity {
  return entity('File', path.replace(/\/+$/, ''));
}

/** An optional attribute: absent when there is no text. */
function contentHash(sha256: string | undefined): Readonly<Record<string, Value>> {
  return sha256 === undefined ? {} : { sha256: text(sha256) };
}

function programRecord({ exe, uid, ancestors = [], sha256, via = '' }: Program): Value {
  return record({
    exe: executable(exe),
    uid: integer(uid),
    ancestors: { kind: 'set', elements: ancestors.map(executable) },
    via: text(via),
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

function texts(values: readonly string[]): Value {
  return { kind: 'set', elements: values.map(text) };
}

function gitRecord({ operation, repository }: GitOperation): Value {
  return record({ operation: text(operation), repository: text(repository) });
}

function modelRecord({ provider, name, tools, serverTools, mcpServers }: ModelCall): Value {
  return record({
    provider: text(provider),
    name: text(name),
    tools: texts(tools),
    serverTools: texts(serverTools),
    mcpServers: texts(mcpServers),
  });
}

function httpContext(request: Request & { readonly action: 'HttpRequest' }): Value {
  return record({
    hostname: text(request.resource.name),
    port: integer(request.port),
    protocol: text('tcp'),
    method: text(request.method),
    path: text(request.path),
    query: text(request.query),
    scheme: text(request.scheme),
    headers: HEADERS,
    proc: programRecord(request.program),
    ...(request.git && { git: gitRecord(request.git) }),
    ...(request.model && { model: modelRecord(request.model) }),
  });
}

/** The context of a request. Throws TypeError for an address that is none. */
export function contextOf(request: Request): Value {
  switch (request.action) {
    case 'ProcessExec':
      return record({
        proc: programRecord(request.program),
        args: text(request.argv.join(' ')),
        argv: texts(request.argv),
        argc: integer(request.argv.length),
        ...contentHash(request.sha256),
      });
    case 'NetConnect':
      return connectContext(request);
    case 'HttpRequest':
      return httpContext(request);
    case 'DnsResolve':
      return record({ qtype: text(request.qtype) });
    case 'HttpRewrite':
      return record({
        hostname: text(request.resource.name),
        header: text(request.header),
        value: text(request.value),
        port: integer(request.port),
      });
    case 'SecretUse':
      return record({
        host: entity('Host', request.host.name),
        port: integer(request.port),
        header: text(request.header),
      });
    case 'McpCall':
      return record({ server: text(serverOf(request)), method: text(request.method), args: ARGUMENTS });
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
