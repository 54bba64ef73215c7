// MCP over HTTP under a policy: calls judged and recorded, denials as clients read them, answers without what is not permitted.
import { describe, expect, it } from 'vitest';
import type { Ask } from '../../src/proxy/options.ts';
import type { Event } from '../../src/schema/event.ts';
import { ALL, call, mcpSite, RULES, type Says } from './proxy-mcp-site.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const EVENTS = { 'content-type': 'text/event-stream' };
const message = (method: string, params: object = {}, id: unknown = 7): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const says =
  (text: string, headers: Readonly<Record<string, string>> = JSON_TYPE, status = 200): Says =>
  () => ({ status, headers, text });
const event = (data: string, more = ''): string => `${more}event: message\ndata: ${data}\n\n`;
const result = (value: object, id: unknown = 7): string => JSON.stringify({ jsonrpc: '2.0', id, result: value });
const TOOLS = { tools: [{ name: 'add' }, { name: 'remove' }, { name: 'read' }], nextCursor: 'n' };
const listed = (text: string): unknown =>
  (JSON.parse(text) as { result: { tools: { name: string }[] } }).result.tools.map(({ name }) => name);

describe.each([1, 2] as const)('over HTTP/%d', (version) => {
  it.each([5, 5.5, 'five', '5', ''])('a denial is the answer to the id %j', async (id) => {
    const site = await mcpSite(RULES, { version });
    const { status, type, text } = await site.speak(call('remove', {}, id));
    expect([status, type]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toEqual({
      jsonrpc: '2.0',
      id,
      error: {
        code: -33403,
        message: 'Leash does not permit tools/call "remove": Nothing is removed.',
        data: { reason: 'policy_denied', policies: ['no-remove'] },
      },
    });
  });

  it('a client that reads only events gets the denial as one', async () => {
    const site = await mcpSite(RULES, { version });
    const { type, text } = await site.speak(call('remove'), { headers: { ...JSON_TYPE, accept: 'text/event-stream' } });
    expect(type).toBe('text/event-stream');
    expect(text).toMatch(/^event: message\ndata: \{"jsonrpc":"2\.0","id":1,"error":.*\}\n\n$/);
  });

  it('of a batch each request is answered, and nothing is sent', async () => {
    const site = await mcpSite(RULES, { version });
    const { text } = await site.speak(`[${call('add', {}, 1)},${call('remove', {}, 'b')}]`);
    const answers = JSON.parse(text) as { id: unknown; error: { message: string } }[];
    expect(answers.map(({ id }) => id)).toEqual([1, 'b']);
    expect(answers[0]?.error.message).toContain('another message of the same batch');
    expect(site.reached).toEqual([]);
    expect(site.calls().map(({ effect, detail }) => [effect, detail?.['outcome']])).toEqual([
      ['allow', 'not sent'],
      ['deny', 'denied'],
    ]);
  });

  it('the request that carried calls names them, permitted or denied; another names none', async () => {
    const site = await mcpSite(RULES, { version });
    await site.speak(call('read'));
    await site.speak(call('remove'));
    await site.speak(`[${call('read', {}, 1)},${call('read', {}, 2)}]`);
    await site.speak('{"a":1}', { path: '/other' });
    expect(site.calls().map((made) => made.call)).toEqual(['c1', 'c2', 'c3', 'c4']);
    const requests = (): readonly Event[] => site.lab.events.filter(({ action }) => action === 'HttpRequest');
    await expect.poll(() => requests().map((made) => made.call)).toEqual(['c1', 'c2', 'c3,c4', undefined]);
    for (const { detail } of requests()) expect(detail).not.toHaveProperty('call');
  });

  it('each call is an event, and so is the HTTP request that carried it', async () => {
    const site = await mcpSite(RULES, { version });
    await site.speak(call('remove', { path: '/w/a', long: 'x'.repeat(500) }, 'id-1'));
    await site.speak(call('read', { path: '/w/a' }));
    await site.speak(message('tools/list'));
    expect(site.calls()).toMatchObject([
      {
        action: 'McpCall',
        resource: { type: 'tool', name: 'remove', server: 'tools.test' },
        effect: 'deny',
        enforced: true,
        policies: ['no-remove'],
        reason: 'Nothing is removed.',
        detail: {
          method: 'tools/call',
          transport: 'http',
          host: 'tools.test',
          port: 80,
          id: '"id-1"',
          args: ['path=/w/a', 'long: 500 characters'],
          outcome: 'denied',
        },
      },
      { resource: { name: 'read' }, effect: 'allow', policies: ['all'], detail: { outcome: 'result', id: '1' } },
      { resource: { type: 'server', name: 'tools.test' }, detail: { method: 'tools/list', outcome: 'result' } },
    ]);
    const requests = site.lab.events.filter(({ action }) => action === 'HttpRequest');
    expect(requests.map(({ effect, detail }) => [effect, detail?.['answered_by'], detail?.['mcp']])).toEqual([
      ['allow', 'leash', undefined],
      ['allow', undefined, true],
      ['allow', undefined, true],
    ]);
  });

  it.each<[string, Says, string]>([
    ['an error', says('{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}'), 'error'],
    ['a tool that failed', says(result({ content: [], isError: true }, 1)), 'tool error'],
    ['events', says(event(result({ content: [] }, 1)), EVENTS), 'result'],
    ['no answer', says('', {}, 500), 'no answer'],
    ['an answer on another stream', says('', {}, 202), 'sent'],
  ])('what became of a call is said: %s', async (_name, answer, outcome) => {
    const site = await mcpSite(RULES, { version, says: answer });
    await site.speak(call('add'));
    await site.lab.event(({ action }) => action === 'HttpRequest');
    expect(site.calls()).toMatchObject([{ effect: 'allow', detail: { outcome } }]);
  });

  it('lists have what may be permitted, in one text and in events', async () => {
    const policy = `${RULES}
      forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"read")
      unless { context.args.hasTag("path") && context.args.getTag("path") like "/w/*" };`;
    const text = JSON.stringify({ jsonrpc: '2.0', id: 7, result: { ...TOOLS, cacheScope: 'public', big: 0 } });
    const exact = text.replace('"big":0', '"big":9007199254740993');
    const site = await mcpSite(policy, { version, says: says(exact) });
    const answer = await site.speak(message('tools/list'));
    expect(listed(answer.text)).toEqual(['add', 'read']);
    expect(answer.text).toContain('"big":9007199254740993');
    expect(answer.text).toContain('"cacheScope":"private"');
    expect(answer.text).toContain('"nextCursor":"n"');
    expect(site.heads[0]?.['accept-encoding']).toBeUndefined();
  });

  it('prompts, resources and templates, too', async () => {
    const policy = `${ALL}
      forbid(principal, action == Action::"McpCall", resource is MCP::Server)
      when { context.method == "prompts/get" && context.args.hasTag("name") && context.args.getTag("name") == "p2" };
      forbid(principal, action == Action::"McpCall", resource is MCP::Server)
      when { context.method == "resources/read" && context.args.hasTag("uri") && context.args.getTag("uri") like "file:*" };`;
    const lists = {
      prompts: [{ name: 'p1' }, { name: 'p2' }],
      resources: [{ uri: 'file:///a' }, { uri: 'web://a' }],
      resourceTemplates: [{ uriTemplate: 'file:///{x}' }],
    };
    const site = await mcpSite(policy, { version, says: says(event(result(lists)), EVENTS) });
    const { text } = await site.speak(message('prompts/list'));
    expect(text).toBe(event(result({ ...lists, prompts: [{ name: 'p1' }], resources: [{ uri: 'web://a' }] })));
  });

  it('what a server asks of the agent is judged: on the stream of a call, and in a result', async () => {
    const policy = `${ALL}
      @id("no-sampling") forbid(principal, action == Action::"McpCall", resource)
      when { context.method == "sampling/createMessage" };`;
    const asks = (method: string): string => event(message(method, {}, 's1'));
    const stream = `${asks('sampling/createMessage')}${asks('roots/list')}${event(result({ content: [] }, 1))}`;
    const site = await mcpSite(policy, { version, says: says(stream, EVENTS) });
    const { text } = await site.speak(call('add'));
    expect(text).toBe(`${asks('roots/list')}${event(result({ content: [] }, 1))}`);
    expect(site.calls().map(({ effect, detail }) => [effect, detail?.['method'], detail?.['sender']])).toEqual([
      ['deny', 'sampling/createMessage', 'server'],
      ['allow', 'roots/list', 'server'],
      ['allow', 'tools/call', undefined],
    ]);
  });

  it('an answer that clients may read in two ways becomes an error of its call', async () => {
    const site = await mcpSite(RULES, { version, says: says(`{"jsonrpc":"2.0","id":1,"result":{},"Result":{}}`) });
    const { text } = await site.speak(call('add'));
    expect(JSON.parse(text)).toMatchObject({ id: 1, error: { code: -32700 } });
  });

  it('an answer that is no message passes: a login that is lost is said in JSON, too', async () => {
    const lost = '{"error":"invalid_token"}';
    const site = await mcpSite(RULES, { version, says: says(lost, JSON_TYPE, 401) });
    expect(await site.speak(call('add'))).toMatchObject({ status: 401, text: lost });
  });

  it('an answer in a coding that nobody asked for does not pass', async () => {
    const site = await mcpSite(RULES, { version, says: says('x', { ...JSON_TYPE, 'content-encoding': 'gzip' }) });
    expect((await site.speak(call('add'))).status).toBe(502);
  });

  it('a call waits for a person, whose word is for this call', async () => {
    const asked: unknown[] = [];
    const ask: Ask = async (request) => {
      asked.push(request.resource);
      return {
        effect: 'allow',
        enforced: true,
        policies: ['a'],
        ask: 'Add?',
        approval: { by: 'once', waited: 1 },
        epoch: 1,
      };
    };
    const policy = `${ALL} @id("a") @ask("Add?") forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"add");`;
    const site = await mcpSite(policy, { version, ask });
    expect((await site.speak(call('add'))).text).toContain('"result"');
    expect(asked).toEqual([{ type: 'tool', name: 'add', server: 'tools.test' }]);
    expect(site.calls()).toMatchObject([{ effect: 'allow', ask: 'Add?', approval: { by: 'once' } }]);
  });

  it('the answer of a stream that a client listens to is judged, once it is known that MCP is spoken', async () => {
    const stream = `${event(result(TOOLS))}data: {"other":1}\n\n`;
    const site = await mcpSite(RULES, {
      version,
      says: (body) => (body === '' ? says(stream, EVENTS)('', '') : says('{}')('', '')),
    });
    const listening = { method: 'GET', headers: { accept: 'text/event-stream', 'mcp-session-id': 's' } };
    const { text } = await site.speak('', listening);
    expect(text).toBe(event(result({ ...TOOLS, tools: [{ name: 'add' }, { name: 'read' }] })));
    const other = await site.speak('', { method: 'GET', path: '/news', headers: { accept: 'text/event-stream' } });
    expect(other.text).toBe(stream);
  });

  it('what a server asks there, whose answer says MCP, is recorded as over streamable HTTP', async () => {
    const headers = { ...EVENTS, 'mcp-session-id': 's' };
    const site = await mcpSite(RULES, { version, says: says(event(message('roots/list')), headers) });
    await site.speak('', { method: 'GET', headers: { accept: 'text/event-stream' } });
    expect(site.calls()).toMatchObject([{ detail: { method: 'roots/list', transport: 'http', sender: 'server' } }]);
  });

  it('the stream of 2024-11-05 names the place of its messages: all that is sent there is read', async () => {
    const site = await mcpSite(RULES, {
      version,
      says: (body) =>
        body === ''
          ? says(`event: endpoint\ndata: /in?session=1\n\n${event(message('roots/list'))}`, EVENTS)('', '')
          : says('', {}, 202)('', ''),
    });
    await site.speak('', { method: 'GET', path: '/sse', headers: { accept: 'text/event-stream' } });
    const denied = await site.speak(call('remove'), { path: '/in?session=1' });
    // A client of that revision waits for the answer on the stream, unless the status says that there is none.
    expect([denied.status, (JSON.parse(denied.text) as { id: number }).id]).toEqual([400, 1]);
    expect((await site.speak('{"a":1}', { path: '/in' })).status).toBe(400);
    expect((await site.speak(call('add'), { path: '/in?session=1' })).status).toBe(202);
    await site.lab.event(({ detail }) => detail?.['mcp'] === true && detail['path'] === '/in');
    expect(site.calls().map(({ detail }) => ['method', 'transport', 'outcome'].map((word) => detail?.[word]))).toEqual([
      ['roots/list', 'http+sse', 'sent'],
      ['tools/call', 'http+sse', 'denied'],
      ['tools/call', 'http+sse', 'sent'],
    ]);
  });

  it('where nothing is stopped, everything passes and is recorded', async () => {
    const site = await mcpSite(RULES, { version, observes: true, says: says(result(TOOLS)) });
    expect(listed((await site.speak(call('remove'))).text)).toEqual(['add', 'remove', 'read']);
    expect((await site.speak(`${call('remove')}x`)).status).toBe(200);
    expect(site.reached).toHaveLength(2);
    expect(site.calls()).toMatchObject([{ effect: 'deny', enforced: false }]);
  });

  it('shadow policies alone stop nothing, and say what they would', async () => {
    const site = await mcpSite(`${ALL} @mode("shadow") forbid(principal, action == Action::"McpCall", resource);`, {
      version,
    });
    expect((await site.speak(call('remove'))).text).toContain('"result"');
    expect(site.calls()).toMatchObject([{ effect: 'allow', shadow: 'deny' }]);
  });

  it('a policy that comes into force later is obeyed from the next message on', async () => {
    const site = await mcpSite(ALL, { version });
    expect((await site.speak(call('remove'))).text).toContain('"result"');
    await site.replace(RULES);
    expect((await site.speak(call('remove'))).text).toContain('-33403');
    expect(site.reached).toHaveLength(1);
  });

  it('without a permit no call passes, and each says so', async () => {
    const policy = `permit(principal, action in Action::"NetworkConnect", resource);
      permit(principal, action == Action::"McpCall", resource == MCP::Tool::"add") when { resource in MCP::Server::"tools.test" };`;
    const site = await mcpSite(policy, { version });
    expect((await site.speak(call('add'))).text).toContain('"result"');
    expect((await site.speak(call('read'))).text).toContain('no policy permits it');
    expect((await site.speak(message('initialize', { protocolVersion: '2025-06-18' }))).text).toContain(
      'no policy permits it',
    );
  });
});
