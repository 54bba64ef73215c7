// MCP over HTTP where no policy speaks of calls: nothing is stopped, changed or held, and what is said is recorded.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ToolPins } from '../../src/mcp/tool-pins.ts';
import { ALL, call, lenient, mcpSite, type Says } from './proxy-mcp-site.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const BOTH = 'application/json, text/event-stream';
const EVENTS = { 'content-type': 'text/event-stream' };
const says =
  (text: string, headers: Readonly<Record<string, string>> = JSON_TYPE, status = 200): Says =>
  () => ({ status, headers, text });
const result = (value: object, id: unknown = 1): string => JSON.stringify({ jsonrpc: '2.0', id, result: value });
const message = (method: string, params: object = {}, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

describe.each([1, 2] as const)('over HTTP/%d', (version) => {
  it('a call is recorded as one that nothing judged', async () => {
    const site = await mcpSite(ALL, { version });
    const { text } = await site.speak(call('remove', { path: '/etc/passwd' }, 'x'));
    expect(JSON.parse(text)).toMatchObject({ id: 'x', result: {} });
    expect(site.calls()).toMatchObject([
      {
        action: 'McpCall',
        resource: { type: 'tool', name: 'remove', server: 'tools.test' },
        effect: 'allow',
        enforced: true,
        policies: [],
        detail: { method: 'tools/call', judged: false, args: ['path=/etc/passwd'], id: '"x"', outcome: 'result' },
      },
    ]);
    expect(site.calls()[0]).not.toHaveProperty('shadow');
    const request = site.lab.events.find(({ action }) => action === 'HttpRequest');
    expect([request?.detail?.['mcp'], request?.call]).toEqual([true, site.calls()[0]?.call]);
  });

  it('under a policy that permits nothing of MCP, too: it is not asked', async () => {
    const site = await mcpSite('permit (principal, action in Action::"NetworkConnect", resource);', { version });
    await site.speak(call('remove'));
    expect(site.calls()).toMatchObject([{ effect: 'allow', policies: [], detail: { judged: false } }]);
  });

  it.each([
    ['events', says(`: hello\n\nevent: message\ndata: ${result({ isError: true })}\n\n`, EVENTS), 'tool error'],
    ['an error', says('{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}'), 'error'],
    ['another answer', says(result({}, 2)), 'no answer'],
    ['an answer that two readers read in two ways', says('{"jsonrpc":"2.0","id":1,"id":2,"result":{}}'), 'no answer'],
    ['an answer elsewhere', says('', JSON_TYPE, 202), 'sent'],
    ['a page', says('<p>', { 'content-type': 'text/html' }, 502), 'sent'],
    ['more than is kept', says(result({ text: 'x'.repeat(1_100_000) })), 'sent'],
    ['an event of more than is kept', says(`data: ${result({ text: 'x'.repeat(1_100_000) })}\n\n`, EVENTS), 'sent'],
  ])('of %s the outcome is told as far as it was seen, and it passes as it came', async (_, answer, outcome) => {
    const site = await mcpSite(ALL, { version, says: answer });
    const { text } = await site.speak(call('add'));
    expect(text).toBe(answer('', '').text);
    expect(site.calls()).toMatchObject([{ detail: { outcome, judged: false } }]);
  });

  it('bodies pass to the letter, whatever is in them', async () => {
    const site = await mcpSite(ALL, { version });
    const headers = { ...JSON_TYPE, accept: BOTH };
    const twice = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}';
    const bodies = [`${'\n'.repeat(9)}${call('add')}`, twice, '{"method":', '', '[]', call('x'.repeat(1_200_000))];
    for (const body of bodies)
      await site.speak(body, { headers: { ...headers, 'mcp-protocol-version': '2025-06-18' } });
    expect(site.reached).toEqual(bodies);
    expect(site.calls().map(({ resource }) => resource)).toMatchObject([{ name: 'add' }]);
    const unread = site.lab.events.flatMap(({ detail }) => detail?.['mcp_unread'] ?? []);
    expect(unread).toHaveLength(4);
    expect(unread.at(-1)).toContain('longer than 1 MiB');
    expect(site.heads.every((head) => head['accept'] === BOTH)).toBe(true);
  });

  it('what is encoded is read, and passes encoded', async () => {
    const site = await mcpSite(ALL, { version });
    const body = gzipSync(call('add'));
    await site.speak(body, { headers: { ...JSON_TYPE, accept: BOTH, 'content-encoding': 'gzip' } });
    expect(site.reached).toEqual([body.toString('latin1')]);
    expect(site.calls()).toMatchObject([{ resource: { name: 'add' } }]);
  });

  it.each([
    ['JSON of another kind', '{"model":"m","messages":[]}', { ...JSON_TYPE, accept: BOTH }],
    ['of a language server', message('textDocument/hover'), { ...JSON_TYPE, accept: BOTH }],
    ['a client that reads JSON only', call('add'), { ...JSON_TYPE, accept: 'application/json' }],
    ['a form', call('add'), { 'content-type': 'text/plain', accept: BOTH }],
  ])('%s is no call', async (_, body, headers) => {
    const site = await mcpSite(ALL, { version });
    await site.speak(body, { headers });
    expect([site.calls(), site.reached]).toEqual([[], [body]]);
    expect(site.lab.events.flatMap(({ detail }) => detail?.['mcp'] ?? [])).toEqual([]);
  });

  it('what a server asks in its answer is recorded, and reaches the client', async () => {
    const asks = message('sampling/createMessage', { messages: [] }, 's1');
    const site = await mcpSite(ALL, { version, says: says(`data: ${asks}\n\ndata: ${result({})}\n\n`, EVENTS) });
    const { text } = await site.speak(call('add'));
    expect(text).toContain(asks);
    expect(site.calls().map(({ detail }) => [detail?.['method'], detail?.['sender'], detail?.['judged']])).toEqual([
      ['sampling/createMessage', 'server', false],
      ['tools/call', undefined, false],
    ]);
  });

  it('tools that are listed are pinned here, too', async () => {
    const kinds: string[] = [];
    let description = 'one';
    const tools = new ToolPins({
      store: { of: () => undefined, keep: () => {} },
      doesAsk: false,
      notice: ({ kind, tool, server }) => kinds.push(`${server} ${tool} ${kind}`),
      say: () => {},
      now: () => 0,
    });
    const pins = { tools, ask: () => Promise.reject(new Error('nobody is asked')) };
    const list: Says = () => ({ headers: JSON_TYPE, text: result({ tools: [{ name: 'add', description }] }) });
    const site = await mcpSite(ALL, { version, pins, says: list });
    await site.speak(message('tools/list'));
    description = 'two';
    await site.speak(message('tools/list'));
    await site.speak(call('add'));
    expect(kinds).toEqual(['tools.test add changed']);
    expect(site.reached).toHaveLength(3);
  });

  it('from the moment that a policy speaks of calls they are judged', async () => {
    const site = await mcpSite(ALL, { version, says: lenient });
    await site.speak(call('remove'));
    await site.replace(`${ALL} forbid(principal, action == Action::"McpCall", resource == MCP::Tool::"remove");`);
    await site.speak(call('remove'));
    expect(site.reached).toHaveLength(1);
    expect(site.calls().map(({ effect, detail }) => [effect, detail?.['judged']])).toEqual([
      ['allow', false],
      ['deny', undefined],
    ]);
  });
});
