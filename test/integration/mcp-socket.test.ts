// MCP over WebSocket through the proxy: what passes, what is answered instead, who waits, what other traffic notices, and what is recorded.
import { Buffer } from 'node:buffer';
import { describe, expect, it, vi } from 'vitest';
import { rpc, socketSite } from './mcp-socket-site.ts';
import { ALL, RULES } from './proxy-mcp-site.ts';
import { closing, encode, GOODBYE, OPCODE, text } from './websocket-frames.ts';

const SILENT = 'permit(principal, action, resource);';
const call = (name: string, id: unknown = 1, args: object = {}, more: object = {}): object => ({
  id,
  method: 'tools/call',
  params: { name, arguments: args, ...more },
});
const INITIALIZE = {
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
};

describe('where a policy speaks of calls', () => {
  it('what is permitted reaches the server to the letter, and what is not is answered', async () => {
    const site = await socketSite(RULES);
    const client = await site.connect();
    client.send(INITIALIZE);
    expect(await client.answer()).toMatchObject({ id: 0, result: { protocolVersion: '2025-11-25' } });
    const good = ' {"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":{"name":"add"}} \r\n';
    client.send(good);
    expect(await client.answer()).toMatchObject({ id: 1, result: { content: [] } });
    client.send(call('remove', 'b'));
    expect(await client.answer()).toMatchObject({
      id: 'b',
      error: {
        code: -33403,
        message: expect.stringContaining('Nothing is removed.'),
        data: { policies: ['no-remove'] },
      },
    });
    client.send({ method: 'tools/call', params: { name: 'remove' } });
    client.send(Buffer.from(rpc(call('read', 2))));
    expect(await client.answer()).toMatchObject({ id: 2, result: {} });
    client.socket.close(1000, 'done');
    expect(await client.closed).toBe(1000);
    expect(site.heard).toEqual([rpc(INITIALIZE), good, `binary ${rpc(call('read', 2))}`]);
    const request = await site.lab.event(({ action }) => action === 'HttpRequest');
    expect(request).toMatchObject({ effect: 'allow', detail: { status: 101, mcp: true } });
    expect(site.calls().map(({ effect, detail }) => [detail?.['method'], effect, detail?.['outcome']])).toEqual([
      ['initialize', 'allow', 'result'],
      ['tools/call', 'allow', 'result'],
      ['tools/call', 'deny', 'denied'],
      ['tools/call', 'deny', 'denied'],
      ['tools/call', 'allow', 'result'],
    ]);
    expect(site.calls().at(-1)).toMatchObject({
      who: { pid: 7 },
      resource: { type: 'tool', name: 'read', server: 'tools.test' },
      detail: { transport: 'websocket', host: 'tools.test', port: 80 },
    });
  });

  it('lists come without what is not permitted, batches pass whole or not at all', async () => {
    const site = await socketSite(RULES);
    const client = await site.connect({ protocols: ['mcp'] });
    expect(client.socket.protocol).toBe('mcp');
    client.send({ id: 1, method: 'tools/list' });
    expect(await client.answer()).toMatchObject({ result: { tools: [{ name: 'add' }, { name: 'read' }] } });
    client.send(`[${rpc(call('add', 2))},${rpc(call('remove', 3))}]`);
    expect(await client.answer()).toMatchObject([
      { id: 2, error: { code: -33403 } },
      { id: 3, error: { code: -33403 } },
    ]);
    expect(site.obeyed.map(([method]) => method)).toEqual(['tools/list']);
  });

  it('what cannot be read is answered, and the connection lives', async () => {
    const site = await socketSite(RULES);
    const client = await site.connect({ protocols: ['mcp'] });
    for (const wrong of [
      'hello',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","Method":"x"}',
      `{"a":"${'x'.repeat(34 << 20)}"}`,
    ]) {
      client.send(wrong);
      expect(await client.answer()).toMatchObject({ error: { message: expect.stringContaining('does not pass') } });
    }
    client.send(call('add', 4));
    expect(await client.answer()).toMatchObject({ id: 4, result: {} });
    expect(site.heard).toEqual([rpc(call('add', 4))]);
  });

  it('a request of the server that is not permitted is answered to it, and does not reach the client', async () => {
    const asks = rpc({ id: 5, method: 'sampling/createMessage', params: { messages: [] } });
    const site = await socketSite(
      `${ALL} forbid(principal, action == Action::"McpCall", resource) when { context.method like "sampling/*" };`,
      {
        welcome: (socket) => {
          socket.send(asks);
          socket.send(rpc({ method: 'notifications/message', params: {} }));
        },
      },
    );
    const client = await site.connect();
    expect(await client.answer()).toMatchObject({ method: 'notifications/message' });
    await vi.waitFor(() => expect(site.heard).toHaveLength(1));
    expect(JSON.parse(site.heard[0] ?? '')).toMatchObject({ id: 5, error: { code: -33403 } });
    // What it was not asked the client cannot answer.
    client.send({ id: 5, result: { role: 'assistant' } });
    client.send(call('add', 6));
    expect(await client.answer()).toMatchObject({ id: 6 });
    expect(site.heard).toHaveLength(2);
  });

  it('pings, pongs and closes pass both ways', async () => {
    const site = await socketSite(RULES);
    const client = await site.connect({ protocols: ['mcp'] });
    const pinged = new Promise((resolve) => client.socket.once('ping', (data: Buffer) => resolve(data.toString())));
    const ponged = new Promise((resolve) => client.socket.once('pong', (data: Buffer) => resolve(data.toString())));
    site.served[0]?.ping('s');
    client.socket.ping('c');
    expect([await pinged, await ponged]).toEqual(['s', 'c']);
    site.served[0]?.close(4001, 'enough');
    expect(await client.closed).toBe(4001);
  });

  it.each([
    ['a frame that uses an extension', { ...text('{}'), reserved: 4 }, 1002],
    ['text that is not UTF-8', text(Buffer.from('{"\xff', 'latin1')), 1007],
    ['JSON that is too long, where nothing said MCP', text(`{${' '.repeat(33 << 20)}}`), 1009],
  ] as const)('%s ends the connection, and says so', async (_name, frame, code) => {
    const site = await socketSite(RULES);
    const { bytes } = await site.converse([frame]);
    expect(bytes).toEqual(Buffer.from([0x88, 2, code >> 8, code & 0xff]));
    const { detail } = await site.lab.event(({ action }) => action === 'HttpRequest');
    expect(detail).toMatchObject({ status: 101, mcp_unread: expect.stringMatching(/extension|UTF-8|32 MiB/) });
    expect(site.heard).toEqual([]);
  });

  it('where MCP was said, that is an event of its own, too', async () => {
    const site = await socketSite(RULES);
    await site.converse([text(rpc({ method: 'notifications/initialized' })), { opcode: 3 }]);
    expect(site.calls().map(({ effect, reason }) => [effect, reason])).toEqual([
      ['allow', undefined],
      ['deny', 'a frame has the opcode 3, which means nothing'],
    ]);
  });

  it('compression is not asked for, and a server that extends frames all the same is not heard', async () => {
    const site = await socketSite(RULES, { isCompressing: true });
    const client = await site.connect();
    expect(client.socket.extensions).toBe('');
    site.origin?.prependListener('upgrade', (_request, socket) => {
      socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n',
      );
    });
    const { head } = await site.converse([]);
    expect(head).toMatch(/^HTTP\/1\.1 502 /);
  });

  it('at a place where MCP was spoken, methods that nobody knows are judged', async () => {
    const site = await socketSite(
      `${ALL} forbid(principal, action == Action::"McpCall", resource) when { context.method like "x/*" };`,
    );
    const strange = { id: 1, method: 'x/y' };
    const first = await site.connect();
    first.send(strange);
    expect(await first.answer()).toMatchObject({ result: {} });
    first.send(call('add'));
    await first.answer();
    const second = await site.connect();
    second.send(strange);
    expect(await second.answer()).toMatchObject({ error: { code: -33403 } });
  });
});

describe('what is no MCP', () => {
  it('passes to the byte, in text and binary, JSON too', async () => {
    const site = await socketSite(RULES);
    const client = await site.connect({ protocols: ['chat'] }).catch(() => site.connect());
    const messages = ['hello', '{"method":"eth_call","id":1}', '[1,2]', '', ' ', '{"a":', '42["x"]'];
    for (const each of messages) client.socket.send(each);
    const large = Buffer.alloc(40 << 20, 7);
    client.socket.send(large);
    client.socket.close(1000);
    expect(await client.closed).toBe(1000);
    expect(site.heard.slice(0, messages.length)).toEqual(messages);
    expect(site.heard.at(-1)?.length).toBe('binary '.length + large.length);
    expect(site.calls()).toEqual([]);
  });
});

describe('where no policy speaks of calls', () => {
  it('a WebSocket passes untouched, compression and all', async () => {
    const site = await socketSite(SILENT, { isCompressing: true });
    const client = await site.connect();
    expect(client.socket.extensions).toContain('permessage-deflate');
    client.send(call('remove'));
    expect(await client.answer()).toMatchObject({ result: {} });
    expect(site.calls()).toEqual([]);
  });

  it('one that was opened then ends with the first word behind a policy that does', async () => {
    const site = await socketSite(SILENT);
    const client = await site.connect();
    client.send(call('remove'));
    await client.answer();
    await site.replace(RULES);
    client.send(call('remove', 2));
    expect(await client.closed).toBe(1006);
    expect(site.heard).toHaveLength(1);
    const { detail } = await site.lab.event(({ action }) => action === 'HttpRequest');
    expect(detail?.['mcp_unread']).toContain('calls are judged since');
  });

  it('one that was read goes on unjudged, and is judged again', async () => {
    const site = await socketSite(RULES);
    const client = await site.connect();
    for (const [policy, answer] of [
      [RULES, 'error'],
      [SILENT, 'result'],
      [RULES, 'error'],
    ] as const) {
      await site.replace(policy);
      client.send(call('remove', answer));
      expect(await client.answer()).toHaveProperty(answer);
    }
    expect(site.calls().map(({ detail }) => detail?.['judged'])).toEqual([undefined, false, undefined]);
  });
});

it('in shadow nothing is stopped, also what cannot be read, and events say what would be', async () => {
  const site = await socketSite(RULES, { observes: true });
  const client = await site.connect();
  client.send(call('remove'));
  expect(await client.answer()).toMatchObject({ result: {} });
  expect(site.calls()).toMatchObject([{ effect: 'deny', enforced: false, detail: { outcome: 'result' } }]);
  const { bytes } = await site.converse([text(rpc(call('add', 2))), { opcode: OPCODE.ping, payload: 'x'.repeat(126) }]);
  // The server itself has refused the frame.
  expect(bytes.toString('latin1')).toContain('\x88');
  expect(site.obeyed.map(([, name]) => name)).toEqual(['remove', 'add']);
});

it('a client that reads no answers is not read on, and nothing is lost when it does', async () => {
  const site = await socketSite(RULES);
  const client = await site.connect({ protocols: ['mcp'] });
  const most = 20_000;
  client.socket.pause();
  for (let id = 0; id < most; id++) client.socket.send(rpc(call('remove', id, { a: 'x'.repeat(300) })));
  client.socket.resume();
  for (let id = 0; id < most; id++) expect((await client.answer())['id']).toBe(id);
  expect(site.heard).toEqual([]);
});

it('an answer comes back before the close, however the frames are cut', async () => {
  const site = await socketSite(RULES);
  const { bytes } = await site.converse([encode(text(rpc(call('add')))), GOODBYE, closing(1000)], { pieces: 3 });
  expect(bytes.toString('latin1')).toContain('"result":{"content":[]}');
});
