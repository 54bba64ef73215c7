// Requests to language models out of a real session: what its events and recorded bodies say, what a policy forbids, and that no credential is left.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../src/schema/event.ts';
import { IDENTITIES, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';
import { DIALECTS } from '../unit/fixtures/dialects.ts';

const MODEL = fileURLToPath(new URL('../fixtures/scripted-model/main.mjs', import.meta.url));
const HOST = 'llm.example';
const KEY = 'key-0123456789-abcdefgh';
const POLICY = `${PERMISSIVE}
@id("network") permit(principal, action in [Action::"NetworkConnect", Action::"DnsResolve"], resource);
@id("no-provider-mcp") @reason("MCP servers are called from here.")
forbid(principal, action == Action::"HttpRequest", resource)
when { context has model && !context.model.mcpServers.isEmpty() };`;

const ASK = `
const [url, ...bodies] = process.argv.slice(2);
for (const body of bodies) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer ' + process.env.MODEL_API_KEY };
  const answer = await fetch(url, { method: 'POST', headers, body });
  console.log(answer.status, await answer.text());
}`;

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let server: ChildProcess;
  let port: number;
  beforeEach(async () => {
    place = new Place(as);
    const steps = [{ tool: 'read', args: { file: 'x' } }, { text: 'Done.' }];
    const script = place.write(path.join(place.root, 'script.json'), JSON.stringify({ steps }));
    server = spawn(process.execPath, [MODEL, '--script', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: server.stdout as Readable }), 'line')) as [string];
    port = Number(/:(\d+)$/.exec(line)?.[1]);
    place.write('ask.mjs', ASK);
  });
  afterEach(() => {
    server.kill();
    place.remove();
  });

  const ask = (apiPath: string, bodies: readonly object[], args: readonly string[] = []): Promise<LeashResult> =>
    runLeash(place, {
      policy: POLICY,
      args: ['--resolve', `${HOST}:80:127.0.0.1:${port}`, '-e', `MODEL_API_KEY=${KEY}`, ...args],
      command: ['node', 'ask.mjs', `http://${HOST}${apiPath}`, ...bodies.map((body) => JSON.stringify(body))],
    });
  const requests = ({ events }: LeashResult): readonly Event[] =>
    events.filter(({ action }) => action === 'HttpRequest');
  const leash = (...words: readonly string[]): string =>
    execFileSync('node', ['dist/run/main.js', ...words], { env: { ...process.env, ...rootEnvironment() } }).toString();
  const rootEnvironment = (): NodeJS.ProcessEnv => ({
    XDG_STATE_HOME: path.join(place.home, '.local/state'),
    NO_COLOR: '1',
  });

  it.each(DIALECTS)('$name', async ({ path: apiPath, request }) => {
    const result = await ask(apiPath, [request([])]);
    expect(result.stdout.toString()).toMatch(/^200 /);
    const detail = requests(result)[0]?.detail;
    expect(detail?.['model']).toBe('m');
    expect(detail?.['model_streaming']).toBe(true);
    expect(detail?.['model_calls']).toEqual(['read']);
    expect(detail?.['model_tools']).toContain('read');
    expect(detail?.['model_tokens_out']).toBeTypeOf('number');
    expect(leash('events', '--session', result.session ?? '', '--action', 'HttpRequest')).toMatch(
      / POST \/\S+ \(m, \d+ \+ \d+ tokens, calls read\)/,
    );
    // Without --record-bodies there are none.
    const dir = path.join(place.home, '.local/state/leash/sessions', result.session ?? '');
    expect(existsSync(path.join(dir, 'bodies'))).toBe(false);
  });

  it('what the policy forbids is answered here, by the names of the policy, and explained later', async () => {
    const result = await ask('/v1/messages', [
      {
        model: 'm',
        messages: [{ role: 'user', content: 'x' }],
        mcp_servers: [{ type: 'url', url: 'https://mcp.example/sse', name: 'e' }],
      },
    ]);
    expect(result.stdout.toString()).toMatch(
      /^403 .*MCP servers are called from here.*mcpServers \["https:\/\/mcp\.example\/sse"\]/,
    );
    const number = result.events.findIndex(({ action }) => action === 'HttpRequest');
    expect(result.events[number]).toMatchObject({ effect: 'deny', policies: ['no-provider-mcp'] });
    expect(leash('policy', 'explain', '--event', `${result.session}:${number}`)).toContain('no-provider-mcp');
  });

  it('bodies are recorded when wanted, without credentials, for the owner alone', async () => {
    const content = `my key is ${KEY}`;
    const result = await ask(
      '/v1/messages',
      [{ model: 'm', stream: true, messages: [{ role: 'user', content }], metadata: { api_key: 'another-one' } }],
      ['--record-bodies'],
    );
    const number = result.events.findIndex(({ action }) => action === 'HttpRequest');
    const bodies = path.join(place.home, '.local/state/leash/sessions', result.session ?? '', 'bodies');
    expect(readdirSync(bodies).toSorted()).toEqual(['1-request', '1-response']);
    for (const name of readdirSync(bodies)) {
      expect(statSync(path.join(bodies, name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(path.join(bodies, name), 'latin1')).not.toMatch(/key-0123|another-one/);
    }
    const request = leash('bodies', '--request', `${result.session}:${number}`);
    expect(JSON.parse(request).messages).toEqual([{ role: 'user', content: 'my key is [MODEL_API_KEY]' }]);
    expect(leash('bodies', `${result.session}:${number}`)).toContain('event: message_stop');
    expect(JSON.stringify(result.events)).not.toContain(KEY);
  });
});
