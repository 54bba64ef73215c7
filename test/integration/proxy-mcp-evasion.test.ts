// Where a policy speaks of MCP calls: every way past it that is known, over both HTTP versions, and what is no way past it and passes.
import { Buffer } from 'node:buffer';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { call, lenient, mcpSite, RULES, type Sent } from './proxy-mcp-site.ts';

const BAD = call('remove');
const GOOD = call('add');
const JSON_TYPE = { 'content-type': 'application/json' };
const typed = (type: string): Sent => ({ headers: { 'content-type': type } });
const coded = (coding: string): Sent => ({ headers: { ...JSON_TYPE, 'content-encoding': coding } });
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const utf32 = (from: string): Buffer =>
  Buffer.concat([...from].map((character) => Buffer.from([0, 0, 0, character.charCodeAt(0)])));

const WAYS: [string, string | Buffer, Sent?][] = [
  ['as it is', BAD],
  // The six ways past the reference (its body limit, batches, types, keys, trailing data, no version).
  ['1.2 MB of padding', BAD.replace('{', `{"pad":"${'x'.repeat(1_200_000)}",`)],
  ['90,000 blanks first', `${' '.repeat(90_000)}${BAD}`],
  ['a batch', `[${BAD}]`],
  ['a batch with a good call first', `[${GOOD},${BAD.replace('"id":1', '"id":2')}]`],
  ['text/plain', BAD, typed('text/plain')],
  ['no content type', BAD, { headers: {} }],
  ['an image', BAD, typed('image/png')],
  ['a form', BAD, typed('application/x-www-form-urlencoded')],
  ['gRPC only by name', BAD, typed('application/grpc')],
  ['a method in another case', BAD.replace('"method"', '"Method"')],
  ['a method twice, in another case', BAD.replace('{', '{"Method":"ping",')],
  ['a name twice, in another case', BAD.replace('"name"', '"Name":"add","name"')],
  ['a name in another case behind it', call('add').replace('"name":"add"', '"name":"add","NAME":"remove"')],
  ['a long s', BAD.replace('"params"', '"param\u017f"')],
  ['trailing data', `${BAD}x`],
  ['another value behind it', `${BAD}\n{}`],
  ['a good call, then a bad one', `${GOOD}\n${BAD}`],
  ['no jsonrpc', BAD.replace('"jsonrpc":"2.0",', '')],
  ['jsonrpc 1.0', BAD.replace('"2.0"', '"1.0"')],
  ['jsonrpc as a number', BAD.replace('"2.0"', '2.0')],
  // Keys twice, escapes, marks, encodings.
  ['a key twice, the good one last', BAD.replace('"name":"remove"', '"name":"remove","name":"add"')],
  ['a key twice, the good one first', BAD.replace('"name":"remove"', '"name":"add","name":"remove"')],
  ['params twice', BAD.replace('"params"', '"params":{"name":"add"},"params"')],
  ['an escaped name', BAD.replace('remove', 're\\u006dove')],
  ['an escaped method', BAD.replace('tools/call', 'tools\\/call')],
  ['an escaped key', BAD.replace('"name"', '"n\\u0061me"')],
  ['the prototype', BAD.replace('"params":{', '"params":{"name":"add","__proto__":{"name":"remove"},')],
  ['a byte order mark', `\uFEFF${BAD}`],
  ['UTF-16', wide(BAD)],
  ['UTF-16 with a mark, big-endian', wide(`\uFEFF${BAD}`).swap16()],
  ['UTF-16, said', wide(BAD), typed('application/json; charset=utf-16le')],
  ['UTF-32', utf32(BAD)],
  ['a charset that hides it', '+AHsAIgBtAGU-', typed('application/json; charset=utf-7')],
  ['a charset that is no UTF-8', BAD, typed('application/json; charset=iso-8859-1')],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(BAD.slice(0, -1)), Buffer.from([0x2c, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])]),
  ],
  ['gzip', zlib.gzipSync(BAD), coded('gzip')],
  ['gzip, shouted', zlib.gzipSync(BAD), coded('GZIP')],
  ['deflate', zlib.deflateSync(BAD), coded('deflate')],
  ['bare deflate', zlib.deflateRawSync(BAD), coded('deflate')],
  ['brotli', zlib.brotliCompressSync(BAD), coded('br')],
  ['gzip twice', zlib.gzipSync(zlib.gzipSync(BAD)), coded('gzip, gzip')],
  ['a coding that is not there', BAD, coded('gzip')],
  ['an unknown coding', BAD, coded('rot13')],
  [
    'a bomb',
    zlib.gzipSync(Buffer.concat([Buffer.from(BAD.slice(0, -1)), Buffer.alloc(40 << 20, ' '), Buffer.from('}')])),
    coded('gzip'),
  ],
  ['deep nesting', BAD.replace('"arguments":{}', `"arguments":{"a":${'['.repeat(90)}${']'.repeat(90)}}`)],
  ['a comment', BAD.replace('{', '{/*x*/')],
  // Ids, kinds and places.
  ['a string id', call('remove', {}, 'one')],
  ['an id that is an object', call('remove', {}, { a: 1 })],
  ['an id that is null', call('remove', {}, null)],
  ['a notification', BAD.replace('"id":1,', '')],
  ['a request that is a response', BAD.replace('}}', '},"result":{}}')],
  ['another path', BAD, { path: '/MCP/' }],
  ['a path with a query', BAD, { path: '/mcp?x=1' }],
  ['another method of HTTP', BAD, { method: 'PUT' }],
  [
    'a header that says another tool',
    BAD,
    { headers: { ...JSON_TYPE, 'mcp-method': 'tools/call', 'mcp-name': 'add' } },
  ],
  [
    'a good body, and a header that says the bad tool',
    GOOD,
    { headers: { ...JSON_TYPE, 'mcp-method': 'tools/call', 'mcp-name': 'remove' } },
  ],
  [
    'a batch where the revision has none',
    `[${GOOD}]`,
    { headers: { ...JSON_TYPE, 'mcp-protocol-version': '2025-06-18' } },
  ],
  // Arguments.
  ['an argument', call('read', { path: '/etc/passwd' })],
  ['an argument twice', call('read').replace('{}', '{"path":"/etc/passwd","path":"/tmp"}')],
  ['an argument in two cases', call('read').replace('{}', '{"path":"/tmp","Path":"/etc/passwd"}')],
  ['an escaped argument', call('read').replace('{}', '{"path":"\\/etc\\/passwd"}')],
  ['an argument with NUL', call('read', { path: '/tmp/\0/etc/passwd' })],
  ['arguments that are an array', BAD.replace('"arguments":{}', '"arguments":[]').replace('remove', 'read')],
];

describe.each([1, 2] as const)('over HTTP/%d', (version) => {
  it.each<[string, string | Buffer, Sent?]>(WAYS)(
    'what is forbidden does not reach the server: %s',
    async (_name, body, sent) => {
      const site = await mcpSite(RULES, { version });
      const { status, text } = await site.speak(body, sent);
      expect(site.reached).toEqual([]);
      expect([200, 202, 400, 403, 413]).toContain(status);
      expect(text).not.toContain('"result"');
    },
  );

  it.each<[string, string | Buffer, Sent?]>([
    ['a permitted call', GOOD],
    ['a permitted argument', call('read', { path: '/tmp/a' })],
    ['a permitted call in gzip', zlib.gzipSync(GOOD), coded('gzip')],
    ['a permitted batch', `[${GOOD},${call('read', {}, 'b')}]`],
    ['LSP', '{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}}'],
    ['Ethereum', '{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"0x0"}]}'],
    ['JSON of another kind', '{"name":"remove"}'],
    ['a list', '[1,2]'],
    ['no JSON at all', 'remove', typed('text/plain')],
    ['broken JSON of another kind', '{"a":1,}'],
    ['a form', 'a=1&b=2', typed('application/x-www-form-urlencoded')],
    ['Latin-1', Buffer.from('{"a":"\xe9"}', 'latin1'), typed('text/plain; charset=iso-8859-1')],
    ['an upload that is no JSON', Buffer.alloc(34 << 20, 1), typed('application/octet-stream')],
  ])('what is permitted, and what is no MCP, reaches it to the letter: %s', async (_name, body, sent) => {
    const site = await mcpSite(RULES, { version });
    const { status } = await site.speak(body, { path: '/other', ...sent });
    expect(status).toBe(200);
    expect(site.reached).toHaveLength(1);
    expect(Buffer.from(site.reached[0] ?? '', 'latin1').equals(Buffer.from(body as string))).toBe(true);
  });

  it('a body longer than 32 MiB is refused where it may be MCP', async () => {
    const site = await mcpSite(RULES, { version });
    const { status, text } = await site.speak(GOOD.replace('{', `{"pad":"${'x'.repeat(33 << 20)}",`));
    expect(status).toBe(413);
    expect(text).toContain('longer than 32 MiB');
    expect(site.reached).toEqual([]);
  });

  it('where MCP was spoken once, nothing passes that is not read', async () => {
    const site = await mcpSite(RULES, { version });
    expect((await site.speak(GOOD)).status).toBe(200);
    for (const body of ['a=1', '{"a":1}', 'remove', '[]', '{"jsonrpc":"2.0"}']) {
      expect((await site.speak(body, { ...typed('text/plain'), path: '/mcp?again' })).status).toBe(400);
    }
    expect(site.reached).toHaveLength(1);
    expect((await site.speak('{"a":1}', { path: '/other' })).status).toBe(200);
  });

  it('a policy without a word on MCP leaves all of it as it is', async () => {
    const site = await mcpSite('permit(principal, action, resource);', { version, says: lenient });
    for (const body of [BAD, `${BAD}x`, BAD.replace('"jsonrpc":"2.0",', '')]) {
      expect((await site.speak(body)).text).toContain('"result"');
    }
    expect(site.reached).toHaveLength(3);
    expect(site.calls()).toMatchObject([{ effect: 'allow', detail: { judged: false } }]);
  });
});
