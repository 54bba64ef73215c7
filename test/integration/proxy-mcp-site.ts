// A policy and a small MCP server enter; a proxy between a client and it over either HTTP version, and what reached the server, leave.
import { Buffer } from 'node:buffer';
import http from 'node:http';
import type { ClientHttp2Session } from 'node:http2';
import https from 'node:https';
import type { Writable } from 'node:stream';
import { afterEach } from 'vitest';
import { loadPolicies } from '../../src/policy/load.ts';
import type { Broker } from '../../src/proxy/exchange/passage.ts';
import type { CallPins } from '../../src/proxy/mcp/call-judge.ts';
import { CallsInHand } from '../../src/proxy/mcp/calls-in-hand.ts';
import { mcpBroker } from '../../src/proxy/mcp/mcp-broker.ts';
import type { Ask, Decision } from '../../src/proxy/options.ts';
import type { Event } from '../../src/schema/event.ts';
import type { Request } from '../../src/schema/request.ts';
import { ask as askHttp2, connectClear, http2ClearOrigin } from './proxy-http2-lab.ts';
import { Lab } from './proxy-lab.ts';

const FACTS = { agent: 'claude', session: 's', user: 'u', workspace: '/w', home: '/home/u', tmp: '/tmp' };

export const SERVER = 'tools.test';
export const ALL = '@id("all") permit(principal, action, resource);';
/** One tool is forbidden, and one value of an argument. */
export const RULES = `${ALL}
@id("no-remove") @reason("Nothing is removed.")
forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"remove");
@id("no-etc")
forbid(principal, action == Action::"McpCall", resource is MCP::Tool)
when { context.args.hasTag("path") && context.args.getTag("path") like "/etc/*" };`;

/** What a server says to a request of a body: its status, type and text; `more` is handed the answer, which stays open until it ends it. */
export type Says = (
  body: string,
  url: string,
) => { status?: number; headers?: http.OutgoingHttpHeaders; text: string; more?: (answer: Writable) => void };

export interface McpSite {
  readonly lab: Lab;
  /** What the requests reach, over HTTP/1.1. */
  readonly origin: http.Server | undefined;
  readonly port: number;
  readonly reached: string[];
  /** Of requests that reached it. */
  readonly heads: http.IncomingHttpHeaders[];
  /** Of a session's policy. */
  readonly replace: (policy: string) => Promise<void>;
  readonly calls: () => readonly Event[];
  /** Forgets the calls that were. */
  readonly clear: () => void;
  /** As at the end of a session: nothing is waited for any more. */
  readonly end: () => void;
  /** One request of a client. */
  readonly speak: (body: string | Buffer, sent?: Sent) => Promise<Reply>;
}

let lab: Lab | undefined;
const sessions: ClientHttp2Session[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await lab?.close();
  lab = undefined;
});

const RESULT = (id: unknown): string => JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } });

/** Answers each request of a body with a result, as a lenient server would. */
export const lenient: Says = (body) => {
  const id = /"id"\s*:\s*("[^"]*"|[-\d.eE+]+)/.exec(body)?.[1];
  return { headers: { 'content-type': 'application/json' }, text: RESULT(id === undefined ? null : JSON.parse(id)) };
};

function finish(answer: Writable, { text, more }: ReturnType<Says>): void {
  if (more === undefined) return void answer.end(text);
  answer.write(text);
  more(answer);
}

export interface SiteOptions {
  readonly says?: Says;
  readonly observes?: boolean;
  readonly ask?: Ask;
  readonly pins?: CallPins;
  /** Behind the one that judges calls. */
  readonly editors?: readonly Broker[];
  /** Calls of tools that changed are held, whatever the policy speaks of. */
  readonly holdsChanged?: boolean;
  /** What both sides of the proxy speak: 1 unless said otherwise. */
  readonly version?: 1 | 2;
  /** Over TLS, with HTTP/1.1. */
  readonly isSecure?: boolean;
}

export async function mcpSite(
  policy: string,
  {
    says = lenient,
    observes = false,
    ask,
    pins,
    editors = [],
    holdsChanged = false,
    version = 1,
    isSecure = false,
  }: SiteOptions = {},
): Promise<McpSite> {
  let set = await loadPolicies({ name: 'test.cedar', text: policy }, FACTS);
  const events: Event[] = [];
  const decide = (request: Request): Decision => ({ ...set.decide(request), enforced: !observes, epoch: 1 });
  const inHand = new CallsInHand();
  const made = new Lab({
    decide,
    brokers: [
      mcpBroker({
        attention: () => {
          const attention =
            observes && set.mcp().calls !== 'no' ? { ...set.mcp(), calls: 'shadow' as const } : set.mcp();
          return { ...attention, pins: holdsChanged };
        },
        decide,
        ...(ask && { ask }),
        ...(pins && { pins }),
        mayCall: (request) => set.mayCall(request),
        epoch: () => 1,
        emit: (event) => events.push(event),
        inHand,
      }),
      ...editors,
    ],
  });
  lab = made;
  const reached: string[] = [];
  const heads: http.IncomingHttpHeaders[] = [];
  const received = (body: Buffer, head: http.IncomingHttpHeaders, url: string): ReturnType<Says> => {
    reached.push(body.toString('latin1'));
    heads.push(head);
    return says(body.toString('latin1'), url);
  };
  let origin: http.Server | undefined;
  if (version === 1)
    origin = await made[isSecure ? 'httpsOrigin' : 'httpOrigin'](SERVER, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const said = received(Buffer.concat(parts), request.headers, request.url ?? '');
        response.writeHead(said.status ?? 200, said.headers ?? {});
        finish(response, said);
      });
    });
  else
    await http2ClearOrigin(made, SERVER, (stream, head) => {
      const parts: Buffer[] = [];
      stream.on('error', () => {});
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        if (stream.destroyed) return;
        const said = received(Buffer.concat(parts), head, head[':path'] ?? '');
        stream.respond({ ':status': said.status ?? 200, ...said.headers });
        finish(stream, said);
      });
    });
  const port = await made.dialledName(SERVER, isSecure ? 443 : 80);
  const ca = isSecure ? made.sessionCa.certificatePem : undefined;
  return {
    lab: made,
    origin,
    port,
    speak: (body, sent) => (version === 1 ? speakHttp1({ port, ca }, body, sent) : speakHttp2(port, body, sent)),
    reached,
    heads,
    replace: async (text) => {
      set = await loadPolicies({ name: 'test.cedar', text }, FACTS);
    },
    calls: () => events,
    clear: () => void events.splice(0),
    end: () => inHand.close(),
  };
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const USUAL = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** One request in HTTP/1.1. @param ca that the server's certificate is from, with TLS */
function speakHttp1(
  { port, ca }: { readonly port: number; readonly ca: string | undefined },
  body: string | Buffer,
  { path = '/mcp', method = 'POST', headers }: Sent = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = { host: '127.0.0.1', port, method, path, headers: { host: SERVER, ...(headers ?? USUAL) } };
    const request = (ca === undefined ? http : https).request(
      { ...asked, agent: false, ...(ca !== undefined && { ca, servername: SERVER }) },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** The same in HTTP/2, with prior knowledge. */
async function speakHttp2(
  port: number,
  body: string | Buffer,
  { path = '/mcp', method = 'POST', headers }: Sent = {},
): Promise<Reply> {
  const session = connectClear(port, SERVER);
  sessions.push(session);
  const fields = { ':method': method, ':path': path, ':authority': SERVER, ':scheme': 'http', ...(headers ?? USUAL) };
  const answer = await askHttp2(session, fields, { body });
  return {
    status: answer.status ?? 0,
    type: String(answer.headers['content-type'] ?? ''),
    text: answer.body.toString('utf8'),
  };
}

export function call(name: string, args: Readonly<Record<string, unknown>> = {}, id: unknown = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
}
