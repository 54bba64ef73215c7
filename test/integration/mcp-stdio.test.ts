// A client, a relay and a server of stdio: what passes, what is answered instead, and how it ends.
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type StdioSite, stdioSite } from './mcp-stdio-site.ts';
import { ALL, RULES } from './proxy-mcp-site.ts';

const rpc = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
const call = (name: string, args: object = {}, id: unknown = 1, more: object = {}): string =>
  rpc({ id, method: 'tools/call', params: { name, arguments: args, ...more } });
const SILENT = 'permit(principal, action, resource);';

/** Says what comes to it on standard error. */
const SINK = ['sh', '-c', 'cat >&2'];
/** Says this at once, and then what comes to it on standard error. */
const saying = (text: string): readonly string[] => ['sh', '-c', 'printf "%s" "$1"; cat >&2', 'sh', text];

async function linesOf(site: StdioSite): Promise<readonly Record<string, unknown>[]> {
  const { text } = await site.finish();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('where a policy speaks of calls', () => {
  it('what is permitted reaches the server to the letter, and what is not is answered', async () => {
    const site = await stdioSite(RULES, { command: SINK });
    const good = ' {"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":{"name":"add"}}\r\n\n';
    site.send(Buffer.from(good));
    site.send(call('remove', {}, 'b\u0007'));
    site.send(rpc({ method: 'tools/call', params: { name: 'remove' } }));
    const { text, said } = await site.finish();
    expect(said).toBe(good);
    expect(text).toContain('"id":"b\\u0007","error":{"code":-33403');
    expect(text.split('\n')).toHaveLength(1);
    expect(site.events.map(({ effect, detail }) => [effect, detail?.['outcome']])).toEqual([
      ['deny', 'denied'],
      ['deny', 'denied'],
      ['allow', 'no answer'],
    ]);
    expect(site.events.at(-1)).toMatchObject({
      who: { pid: 7 },
      resource: { type: 'tool', name: 'add', server: 'files' },
      detail: { transport: 'stdio', via: 'mcp:files', method: 'tools/call' },
    });
  });

  it('lists come without what is not permitted, and answers to the letter', async () => {
    const site = await stdioSite(RULES);
    site.send(rpc({ id: 1, method: 'tools/list' }));
    expect(await site.answer()).toMatchObject({ result: { tools: [{ name: 'add' }, { name: 'read' }] } });
    site.send(call('add', {}, 2));
    expect(await site.answer()).toEqual({ jsonrpc: '2.0', id: 2, result: { content: [] } });
  });

  it('a denial does not stand within a line of the server', async () => {
    const site = await stdioSite(RULES, { command: saying('{"jsonrpc":"2.0","method":"notifications/tools/li') });
    site.send(call('remove'));
    expect(await site.answer()).toMatchObject({ id: 1, error: { code: -33403 } });
  });

  it('a request of the server that is not permitted is answered for the client', async () => {
    const asks = rpc({ id: 5, method: 'sampling/createMessage', params: { messages: [] } });
    const site = await stdioSite(
      `${ALL} forbid(principal, action == Action::"McpCall", resource) when { context.method like "sampling/*" };`,
      {
        command: saying(`${asks}\n${rpc({ method: 'notifications/message', params: {} })}\n`),
      },
    );
    expect(await site.answer()).toMatchObject({ method: 'notifications/message' });
    // What the client never was asked it cannot answer.
    site.send(rpc({ id: 5, result: { role: 'assistant' } }));
    const { said } = await site.finish();
    expect(JSON.parse(said)).toMatchObject({ id: 5, error: { code: -33403 } });
  });

  it('a request of the server that is permitted is answered by the client, once', async () => {
    const site = await stdioSite(RULES, { command: saying(`${rpc({ id: 5, method: 'roots/list' })}\n`) });
    expect(await site.answer()).toMatchObject({ method: 'roots/list' });
    const answer = rpc({ id: 5, result: { roots: [] } });
    site.send(answer);
    site.send(answer);
    expect((await site.finish()).said).toBe(`${answer}\n`);
  });

  it('what a server prints beside its messages passes; what may be a message and cannot be read does not', async () => {
    const noise = ['Server started', '[INFO] 10%\r 20%', '{"level":"info"}', ''];
    const lost = ['{"jsonrpc":"2.0","id":1,"id":2,"result":{}}', 'log: {"id":1,"method":"x"}', '{"result":{}}'];
    const site = await stdioSite(RULES, { command: saying([...noise, ...lost, ''].join('\n')) });
    expect((await site.finish()).text.split('\n')).toEqual([
      'Server started',
      '[INFO] 10%',
      ' 20%',
      '{"level":"info"}',
      '',
    ]);
    expect(site.events.map(({ effect, detail }) => [effect, detail?.['sender']])).toEqual(
      lost.map(() => ['deny', 'server']),
    );
  });

  it('an answer that cannot be read ends its call, if one is open', async () => {
    const site = await stdioSite(RULES, {
      command: ['sh', '-c', `read -r line; echo '{"jsonrpc":"2.0","id":7,"result":{"a":1,"a":2}}'; cat`],
    });
    site.send(call('add', {}, 7));
    expect(await site.answer()).toMatchObject({ id: 7, error: { code: -32700 } });
    await site.finish();
    expect(site.events.map(({ detail }) => detail?.['outcome'])).toEqual(['denied', 'error']);
  });

  it('a batch passes whole or not at all, and not in revisions without them', async () => {
    const site = await stdioSite(RULES);
    site.send(`[${call('add', {}, 1)},${call('remove', {}, 2)}]`);
    const both = (await site.answer()) as unknown as { id: number }[];
    expect(both.map(({ id }) => id)).toEqual([1, 2]);
    site.send(rpc({ id: 3, method: 'initialize', params: { protocolVersion: '2025-11-25' } }));
    expect(await site.answer()).toMatchObject({ id: 3, result: {} });
    site.send(`[${call('add', {}, 4)}]`);
    expect(await site.answer()).toMatchObject({ error: { code: -32600 } });
    expect((await site.finish()).said).toBe('["initialize",null,null]\n');
  });

  it('a policy that begins to speak takes hold at the next line; what has passed by then is not followed by more', async () => {
    const site = await stdioSite(SILENT, { command: SINK });
    site.send(Buffer.from('{"jsonrpc":"2.0",'));
    const stderr = site.server.stderr as NodeJS.ReadableStream;
    expect(String((await once(stderr, 'data'))[0])).toBe('{"jsonrpc":"2.0",');
    await site.replace(RULES);
    site.send(Buffer.from(`"id":1,"method":"ping"}\r${call('remove')}\n`));
    site.send(call('remove', {}, 2));
    expect((await site.finish()).said).toBe('{"jsonrpc":"2.0","id":1,"method":"ping"}\r');
  });

  it('two servers can be called at once with ids of their own, and one id is not used twice', async () => {
    const site = await stdioSite(RULES, { command: SINK });
    site.send(call('add', {}, 'a'));
    site.send(call('read', {}, 'a'));
    expect(await site.answer()).toMatchObject({ id: 'a', error: { code: -33403 } });
    expect((await site.finish()).said).toBe(`${call('add', {}, 'a')}\n`);
  });
});

describe('where nothing is stopped', () => {
  it('bytes pass at once, whatever they are, and calls are recorded as not judged', async () => {
    const site = await stdioSite(SILENT, { command: ['cat'] });
    const half = '{"jsonrpc":"2.0","id":1,"met';
    site.send(Buffer.from(half));
    expect(String((await once(site.in, 'data'))[0])).toBe(half);
    site.send(Buffer.from('hod":"tools/call","params":{"name":"remove"}}\n\0\xff{"jsonrpc"\r\n'));
    await site.finish();
    expect(site.events).toMatchObject([
      { effect: 'allow', policies: [], resource: { name: 'remove' }, detail: { sender: 'server', judged: false } },
      { effect: 'allow', resource: { name: 'remove' }, detail: { judged: false, outcome: 'no answer' } },
    ]);
  });

  it('other protocols over JSON-RPC are not recorded', async () => {
    const site = await stdioSite(SILENT, { command: ['cat'] });
    site.send(rpc({ id: 1, method: 'initialize', params: { protocolVersion: 1 } }));
    site.send(rpc({ id: 2, method: 'session/new', params: {} }));
    expect(await linesOf(site)).toHaveLength(2);
    expect(site.events).toEqual([]);
  });

  it('in shadow, events say what would be', async () => {
    const site = await stdioSite(RULES, { observes: true });
    site.send(call('remove', {}, 1));
    expect(await site.answer()).toMatchObject({ id: 1, result: {} });
    site.send(`${call('remove', {}, 2).slice(0, -1)},"id":2}`);
    expect(await site.answer()).toMatchObject({ id: 2, result: {} });
    await site.finish();
    expect(site.events).toMatchObject([{ effect: 'deny', enforced: false, resource: { name: 'remove' } }]);
  });
});

describe('how it ends', () => {
  it('the last line needs no end, and the server sees the end of its input', async () => {
    const site = await stdioSite(RULES, { command: SINK });
    site.send(Buffer.from(call('add')));
    expect((await site.finish()).said).toBe(call('add'));
  });

  it('a server that dies ends what the client reads, and its calls', async () => {
    const site = await stdioSite(RULES, { command: ['sh', '-c', 'read -r line; exit 3'] });
    site.send(call('add'));
    await once(site.in, 'end');
    await site.finish();
    expect(site.events).toMatchObject([{ detail: { outcome: 'no answer' } }]);
  });

  it('a client that is gone ends its server', async () => {
    const site = await stdioSite(RULES, { command: ['yes'] });
    site.in.destroy();
    site.out.destroy();
    await once(site.server, 'exit');
    await site.relay.ended;
  });

  it('what is not read stops what is written, on both sides', async () => {
    const site = await stdioSite(SILENT, { command: ['sleep', '100'] });
    let isFull = false;
    const piece = Buffer.alloc(1 << 20, 'x');
    let sent = 0;
    while (!isFull && sent < 64) {
      isFull = !(await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), 300);
        site.out.write(piece, () => {
          clearTimeout(timer);
          resolve(true);
        });
      }));
      sent += 1;
    }
    expect(isFull).toBe(true);
    expect(sent).toBeLessThan(8);
    site.relay.destroy();
    await site.relay.ended;
  });
});
