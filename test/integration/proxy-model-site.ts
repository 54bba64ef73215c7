// A policy and a fake provider enter; a proxy between a client and it, and what reached the provider, leave.
import { Buffer } from 'node:buffer';
import type http from 'node:http';
import { afterEach } from 'vitest';
import { loadPolicies } from '../../src/policy/load.ts';
import { modelBroker } from '../../src/proxy/model/model-broker.ts';
import type { Event } from '../../src/schema/event.ts';
import { Lab } from './proxy-lab.ts';

const FACTS = {
  agent: 'claude',
  session: 's',
  user: 'u',
  workspace: '/w',
  home: '/home/u',
  tmp: '/tmp',
};

export const NO_MCP = `@id("all") permit(principal, action, resource);
@id("no-provider-mcp") @reason("MCP servers are called from here, or not at all.")
forbid(principal, action == Action::"HttpRequest", resource)
when { context has model && !context.model.mcpServers.isEmpty() };`;
export const ALL = 'permit(principal, action, resource);';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
});

export interface Site {
  readonly lab: Lab;
  readonly port: number;
  /** Bodies that reached the server. */
  readonly reached: string[];
}

export async function site(policy: string, handler?: http.RequestListener, observes = false): Promise<Site> {
  const set = await loadPolicies({ name: 'test.cedar', text: policy }, FACTS);
  const made = new Lab({
    decide: (request) => ({ ...set.decide(request), enforced: !observes, epoch: 1 }),
    brokers: [
      modelBroker({
        epoch: () => 1,
        readsModel: (host) => (observes && set.looks(host).model === 'enforced' ? 'shadow' : set.looks(host).model),
      }),
    ],
  });
  lab = made;
  const reached: string[] = [];
  await made.httpOrigin('llm.test', (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      reached.push(Buffer.concat(parts).toString('latin1'));
      if (handler === undefined) response.end('{}');
      else handler(request, response);
    });
  });
  return { lab: made, port: await made.dialledName('llm.test', 80), reached };
}

export function post(
  path: string,
  body: string | Buffer,
  headers: readonly string[] = ['Content-Type: application/json'],
): string {
  const bytes = Buffer.from(body as string);
  const fields = ['Host: llm.test', 'Connection: close', ...headers];
  if (!headers.some((field) => /^transfer-encoding/i.test(field))) fields.push(`Content-Length: ${bytes.length}`);
  return `POST ${path} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n${bytes.toString('latin1')}`;
}

export const request = (event: Event): boolean => event.action === 'HttpRequest';
export const MCP = {
  mcp_servers: [{ type: 'url', url: 'https://evil.example/sse', name: 'e', authorization_token: 's3cr3t-token' }],
};
export const CLEAN = {
  model: 'claude-x',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'a secret sentence' }],
  tools: [{ name: 'Bash', input_schema: {} }],
};
export const BAD = { ...CLEAN, ...MCP };
