// Where a policy looks at what is asked of a model: every way past it that is known, and what is no way past it and passes.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import net from 'node:net';
import zlib from 'node:zlib';
import { expect, it } from 'vitest';
import { BAD, CLEAN, MCP, NO_MCP, post, request, site } from './proxy-model-site.ts';

const text = JSON.stringify(BAD);
const chunks = (bytes: Buffer, size: number): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
};
/** Big-endian. */
const utf32 = (from: string): Buffer =>
  Buffer.concat([...from].map((character) => Buffer.from([0, 0, 0, character.charCodeAt(0)])));
const JSON_TYPE = 'Content-Type: application/json';

it.each<[string, string | Buffer, (readonly string[] | undefined)?, string?]>([
  ['as it is', text],
  ['escaped key names', text.replace('"mcp_servers"', '"mcp\\u005fservers"')],
  [
    'the key twice, the good one last',
    text.replace('"model"', '"mcp_servers":[],"model"').replace(/\}$/, ',"mcp_servers":[]}'),
  ],
  ['the key twice, once escaped', text.replace(/\}$/, ',"mcp\\u005fservers":[]}')],
  ['a key twice in a nested object', text.replace('"type":"url"', '"type":"url","url":"https://good.example/"')],
  ['the prototype', JSON.stringify(CLEAN).replace('{', `{"__proto__":${JSON.stringify(MCP)},`)],
  ['other letters', text.replace('mcp_servers', 'Mcp_Servers')],
  ['the other spelling', text.replace('mcp_servers', 'mcpServers')],
  ['a long s', text.replace('mcp_servers', 'mcp_\u017fervers')],
  ['no content type', text, []],
  ['a wrong content type', text, ['Content-Type: text/plain']],
  ['an image', text, ['Content-Type: image/png']],
  ['gRPC only by name', text, ['Content-Type: application/grpc']],
  ['gRPC only by name, UTF-32', utf32(text), ['Content-Type: application/grpc']],
  ['UTF-32', utf32(text), []],
  ['a form', text, ['Content-Type: application/x-www-form-urlencoded']],
  ['a byte order mark', `\uFEFF${text}`],
  ['UTF-16', Buffer.from(text, 'utf16le')],
  ['UTF-16 without a type', Buffer.from(text, 'utf16le'), []],
  ['UTF-16, big-endian, with a mark', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), ['Content-Type: text/plain']],
  ['90,000 blanks first', `${' '.repeat(90_000)}${text}`],
  ['something behind it', `${text}x`],
  ['another value behind it', `${text}\n{}`],
  ['a comment', text.replace('{', '{/*x*/')],
  ['deep nesting', text.replace(/\}$/, `,"x":${'['.repeat(70)}${']'.repeat(70)}}`)],
  ['chunks of one byte', chunks(Buffer.from(text), 1), [JSON_TYPE, 'Transfer-Encoding: chunked']],
  ['gzip', zlib.gzipSync(text), [JSON_TYPE, 'Content-Encoding: gzip']],
  ['gzip, type hidden', zlib.gzipSync(text), ['Content-Encoding: GZIP']],
  ['deflate', zlib.deflateSync(text), [JSON_TYPE, 'Content-Encoding: deflate']],
  ['bare deflate', zlib.deflateRawSync(text), [JSON_TYPE, 'Content-Encoding: deflate']],
  ['brotli', zlib.brotliCompressSync(text), [JSON_TYPE, 'Content-Encoding: br']],
  ['gzip twice', zlib.gzipSync(zlib.gzipSync(text)), [JSON_TYPE, 'Content-Encoding: gzip, gzip']],
  ['gzip that is not said', zlib.gzipSync(text)],
  ['a coding that is not there', text, [JSON_TYPE, 'Content-Encoding: gzip']],
  ['an unknown coding', text, [JSON_TYPE, 'Content-Encoding: rot13']],
  [
    'a bomb',
    zlib.gzipSync(Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.alloc(40 << 20, ' '), Buffer.from('}')])),
    [JSON_TYPE, 'Content-Encoding: gzip'],
  ],
  ['a batch', JSON.stringify({ requests: [{ custom_id: 'a', params: BAD }] }), undefined, '/v1/messages/batches'],
  ['another path', text, undefined, '/v1/%6dessages'],
  ['a path of a gateway', text, undefined, '/anthropic/anything'],
  [
    'the Responses API',
    JSON.stringify({ model: 'm', input: 'x', tools: [{ type: 'mcp', connector_id: 'connector_gmail' }] }),
    undefined,
    '/v1/responses',
  ],
  [
    'the Responses API, in a namespace',
    JSON.stringify({
      model: 'm',
      input: 'x',
      tools: [{ type: 'namespace', tools: [{ type: 'mcp', server_url: 'https://e.example/' }] }],
    }),
    undefined,
    '/v1/responses',
  ],
  ['a stored prompt', JSON.stringify({ model: 'm', input: 'x', prompt: { id: 'pmpt_1' } }), undefined, '/v1/responses'],
  [
    'Gemini',
    JSON.stringify({ contents: [{ parts: [] }], tools: [{ mcp_servers: [{ name: 'e' }] }] }),
    undefined,
    '/v1beta/models/g:generateContent',
  ],
  [
    'a session for realtime',
    JSON.stringify({ session: { model: 'm', tools: [{ type: 'mcp', server_url: 'https://e.example/' }] } }),
    undefined,
    '/v1/realtime/client_secrets',
  ],
])('a provider-side MCP server is not reached by: %s', async (_name, body, headers, path = '/v1/messages') => {
  const { lab: made, port, reached } = await site(NO_MCP);
  const answer = await made.speak(port, [post(path, body, headers)]);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(reached).toEqual([]);
  expect(await made.event(request)).toMatchObject({ effect: 'deny', enforced: true });
});

it('a body longer than any provider takes is refused', async () => {
  const { lab: made, port, reached } = await site(NO_MCP);
  const long = `{"pad":"${'x'.repeat(34 << 20)}"}`;
  const answer = await made.speak(port, [post('/v1/messages', long)]);
  expect(answer).toMatch(/^HTTP\/1\.1 413 Content Too Large/);
  expect(answer).toContain('longer than 32 MiB');
  expect(reached).toEqual([]);
});

it('bodies that wait to be complete hold a bounded amount of memory, and give it back when their clients go', async () => {
  const { lab: made, port, reached } = await site(NO_MCP);
  const head = `POST /v1/messages HTTP/1.1\r\nHost: llm.test\r\n${JSON_TYPE}\r\nContent-Length: ${31 << 20}\r\n\r\n`;
  const part = Buffer.concat([Buffer.from(`${head}{"pad":"`), Buffer.alloc(30 << 20, 'x')]);
  const answers: string[] = [];
  const closed: Promise<unknown>[] = [];
  const sockets = Array.from({ length: 6 }, () => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(part));
    socket.on('data', (bytes: Buffer) => answers.push(bytes.toString('latin1')));
    socket.on('error', () => {});
    // From the start: who is refused is closed early.
    closed.push(once(socket, 'close'));
    return socket;
  });
  // Four of the six have room.
  while (answers.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(answers.every((answer) => answer.startsWith('HTTP/1.1 413 '))).toBe(true);
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  const long = JSON.stringify({ ...CLEAN, pad: 'x'.repeat(30 << 20) });
  // The proxy learns a little later that they are gone.
  while (reached.length < 1) await made.speak(port, [post('/v1/messages', long)]);
  for (let n = 0; n < 4; n++) await made.speak(port, [post('/v1/messages', long)]);
  expect(reached.map((body) => body.length)).toEqual(Array.from({ length: 5 }, () => long.length));
});

it.each<[string, string, readonly string[]]>([
  ['a WebSocket to the Responses API', '/v1/responses', ['Connection: Upgrade', 'Upgrade: websocket']],
  ['a WebSocket to the realtime API', '/v1/Realtime?model=m', ['Connection: Upgrade', 'Upgrade: websocket']],
  [
    'gRPC',
    '/google.ai.generativelanguage.v1beta.GenerativeService/GenerateContent',
    ['Content-Type: application/grpc', 'Connection: close'],
  ],
])('where a policy looks, a way past it is closed: %s', async (_name, path, headers) => {
  const { lab: made, port } = await site(NO_MCP);
  const answer = await made.speak(port, [`GET ${path} HTTP/1.1\r\nHost: llm.test\r\n${headers.join('\r\n')}\r\n\r\n`]);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  expect(answer).toContain('cannot be looked at');
});

it('other traffic of a host that a policy looks at passes, however long it is', async () => {
  const { lab: made, port, reached } = await site(NO_MCP);
  const grpcMessage = Buffer.from([0, 0, 0, 0, 3, 0x0a, 1, 0x61]);
  const pack = Buffer.concat([Buffer.from('0094'), Buffer.alloc(40 << 20, 1)]);
  const answers = [
    await made.speak(port, [
      post('/r.git/git-receive-pack', pack, ['Content-Type: application/x-git-receive-pack-request']),
    ]),
    await made.speak(port, [
      post('/upload', `--b\r\n\r\n{"a":1}\r\n--b--`, ['Content-Type: multipart/form-data; boundary=b']),
    ]),
    await made.speak(port, [post('/rpc', '{"jsonrpc":"2.0","id":1,"method":"x","params":{"messages":[]}}')]),
    await made.speak(port, [post('/s.Echo/Say', grpcMessage, ['Content-Type: application/grpc'])]),
    await made.speak(port, [post('/empty', '')]),
    await made.speak(port, [post('/list', '[1,2]')]),
  ];
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['200', '200', '200', '200', '200', '200']);
  expect(reached[0]).toHaveLength(pack.length);
});
