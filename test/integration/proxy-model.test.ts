// Requests to language models between a client and fake providers: what events say of them, and what passes as it is.
import type { Buffer } from 'node:buffer';
import zlib from 'node:zlib';
import { expect, it } from 'vitest';
import { ALL, BAD, CLEAN, NO_MCP, post, request, site } from './proxy-model-site.ts';

const text = JSON.stringify(BAD);
const JSON_TYPE = 'Content-Type: application/json';

it('an event says what was asked and answered, never the contents; the bytes pass as they are', async () => {
  const answer = [
    {
      type: 'message_start',
      message: { model: 'claude-x-2', usage: { input_tokens: 12, cache_read_input_tokens: 5 } },
    },
    { type: 'content_block_start', content_block: { type: 'tool_use', name: 'Bash' } },
    { type: 'content_block_delta', delta: { partial_json: '{"command":"another secret"}' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 34 } },
  ].map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  const {
    lab: made,
    port,
    reached,
  } = await site(ALL, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of answer) response.write(event);
    response.end();
  });
  const body = JSON.stringify({ ...BAD, stream: true });
  expect(await made.speak(port, [post('/v1/messages?beta=true', body)])).toContain(answer.at(-1));
  expect(reached).toEqual([body]);
  const event = await made.event(request);
  expect(event.detail).toMatchObject({
    model_api: 'anthropic-messages',
    model_provider: 'anthropic',
    model: 'claude-x',
    model_streaming: true,
    model_tools: ['Bash'],
    model_mcp_servers: ['https://evil.example/sse'],
    model_answered: 'claude-x-2',
    model_calls: ['Bash'],
    model_stop: 'tool_use',
    model_tokens_in: 12,
    model_tokens_cached: 5,
    model_tokens_out: 34,
  });
  expect(JSON.stringify(event)).not.toMatch(/secret|s3cr3t|command/);
});

it('a stream is not held up: each part is there before the server sends the next', async () => {
  let send: ((text: string) => void) | undefined;
  const { lab: made, port } = await site(NO_MCP, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    send = (text) => (text === '' ? response.end() : response.write(text));
    send('data: {"model":"m1"}\n\n');
  });
  const { connect } = await import('node:net');
  const socket = connect(port, '127.0.0.1');
  socket.write(post('/v1/messages', JSON.stringify(CLEAN)));
  let got = '';
  const until = async (text: string): Promise<void> => {
    while (!got.includes(text))
      await new Promise<void>((resolve) =>
        socket.once('data', (part) => {
          got += part.toString();
          resolve();
        }),
      );
  };
  await until('"m1"');
  for (const part of ['data: {"mo', 'del":"m2"}\n', '\n']) {
    send?.(part);
    await until(part.trim() === '' ? '' : part.slice(0, 8));
  }
  send?.('');
  socket.destroy();
  expect((await made.event(request)).detail?.['model_answered']).toMatch(/^m[12]$/);
});

it('what the policy forbids does not reach the server; the answer and the event name the field', async () => {
  const { lab: made, port, reached } = await site(NO_MCP);
  const answer = await made.speak(port, [post('/v1/messages', JSON.stringify(BAD))]);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('X-Leash-Policy: no-provider-mcp');
  expect(answer).toContain('MCP servers are called from here, or not at all.');
  expect(answer).toContain('mcpServers ["https://evil.example/sse"]');
  expect(answer).not.toContain('s3cr3t');
  expect(reached).toEqual([]);
  const event = await made.event(request);
  expect(event).toMatchObject({ effect: 'deny', policies: ['no-provider-mcp'] });
  expect(event.detail).toMatchObject({ model: 'claude-x', model_mcp_servers: ['https://evil.example/sse'] });
  await made.speak(port, [post('/v1/messages', JSON.stringify(CLEAN))]);
  expect(reached).toEqual([JSON.stringify(CLEAN)]);
});

it.each([
  ['broken JSON', '{"a":', JSON_TYPE],
  ['a key twice', '{"model":"a","model":"b","messages":[{"role":"user"}]}', JSON_TYPE],
  ['a coding that lies', '{}', `${JSON_TYPE}\r\nContent-Encoding: gzip`],
])('where no policy looks nothing is refused: %s', async (_name, body, headers) => {
  const { lab: made, port, reached } = await site(ALL);
  expect(await made.speak(port, [post('/v1/messages', body, [headers])])).toMatch(/^HTTP\/1\.1 200 /);
  expect(reached).toEqual([body]);
  expect((await made.event(request)).detail?.['model_unread']).toBeTypeOf('string');
});

it('a session that stops nothing passes what cannot be read, and records what a policy would say of the rest', async () => {
  const { lab: made, port, reached } = await site(NO_MCP, undefined, true);
  await made.speak(port, [post('/v1/messages', '{"a":1,"a":2}')]);
  await made.speak(port, [post('/v1/messages', text)]);
  expect(reached).toEqual(['{"a":1,"a":2}', text]);
  expect(await made.event(({ effect }) => effect === 'deny')).toMatchObject({
    enforced: false,
    policies: ['no-provider-mcp'],
  });
});

it.each<[string, Buffer, Record<string, string>]>([
  [
    'gzip',
    zlib.gzipSync('{"model":"m","usage":{"input_tokens":3}}'),
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  ],
  [
    'brotli',
    zlib.brotliCompressSync('data: {"model":"m","usage":{"input_tokens":3}}\n\n'),
    { 'content-type': 'text/event-stream', 'content-encoding': 'br' },
  ],
])('an answer in %s is read aside and passes untouched', async (_name, bytes, head) => {
  const { lab: made, port } = await site(ALL, (_request, response) => response.writeHead(200, head).end(bytes));
  expect(await made.speak(port, [post('/v1/messages', JSON.stringify(CLEAN))])).toContain(bytes.toString('latin1'));
  expect((await made.event(request)).detail).toMatchObject({ model_answered: 'm', model_tokens_in: 3 });
});

it('a policy about one host leaves bodies to others unread', async () => {
  const {
    lab: made,
    port,
    reached,
  } = await site(NO_MCP.replace(', resource)\nwhen', ', resource == Host::"other.test")\nwhen'));
  expect(await made.speak(port, [post('/v1/messages', '{"a":1,"a":2}')])).toMatch(/^HTTP\/1\.1 200 /);
  expect(reached).toHaveLength(1);
});
