// Requests of many shapes over HTTP/2, directly and through the proxy: status, fields, body, trailers and resets are the same.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import http2, {
  type ClientHttp2Session,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Asked, ask, connect, echo, http2Origin } from './proxy-http2-lab.ts';
import { Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';

/** What the server does on each path. */
const ANSWERS: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
  '/empty': (stream) => stream.respond({ ':status': 200 }, { endStream: true }),
  '/late-end': (stream) => {
    stream.respond({ ':status': 200 });
    setTimeout(() => stream.end(), 20);
  },
  '/length': (stream) => {
    stream.respond({ ':status': 200, 'content-length': '5' });
    stream.end('hello');
  },
  '/204': (stream) => stream.respond({ ':status': 204 }, { endStream: true }),
  '/205': (stream) => stream.respond({ ':status': 205 }, { endStream: true }),
  '/304': (stream) => stream.respond({ ':status': 304, etag: '"x"' }, { endStream: true }),
  '/404': (stream) => {
    stream.respond({ ':status': 404, 'content-type': 'text/plain' });
    stream.end('no such thing');
  },
  '/401': (stream) => stream.respond({ ':status': 401, 'x-challenge': ['</a>', '</b>'] }, { endStream: true }),
  '/500': (stream) => {
    stream.respond({ ':status': 500 });
    stream.end('broken');
  },
  '/421': (stream) => stream.respond({ ':status': 421 }, { endStream: true }),
  '/redirect': (stream) => stream.respond({ ':status': 302, location: 'https://elsewhere.test/' }, { endStream: true }),
  '/cookies': (stream) =>
    stream.respond({ ':status': 200, 'set-cookie': ['a=1', 'b=2; Secure', 'c=3'] }, { endStream: true }),
  '/hints': (stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</a>; rel=preload' });
    stream.additionalHeaders({ ':status': 103, link: '</b>; rel=preload' });
    stream.respond({ ':status': 200 });
    stream.end('after hints');
  },
  '/processing': (stream) => {
    stream.additionalHeaders({ ':status': 102 });
    stream.respond({ ':status': 200 }, { endStream: true });
  },
  '/trailers': (stream) => {
    stream.respond({ ':status': 200, trailer: 'x-sum' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc', 'grpc-status': '0' }));
    stream.end('body');
  },
  '/trailers-only': (stream) =>
    stream.respond({ ':status': 200, 'grpc-status': '5', 'grpc-message': 'none' }, { endStream: true }),
  '/trailers-no-body': (stream) => {
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end();
  },
  '/large': (stream) => {
    stream.respond({ ':status': 200 });
    stream.end(Buffer.alloc(3_000_000, 'abc'));
  },
  '/pieces': (stream) => {
    stream.respond({ ':status': 200 });
    for (let n = 0; n < 200; n++) stream.write(`piece ${n}\n`);
    stream.end();
  },
  '/fields': (stream) => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`x-field-${n}`, `value ${n}`]));
    stream.respond(
      { ':status': 200, ...many, 'x-latin': 'caf\u00e9', 'x-empty': '', 'x-list': ['a', 'b'] },
      { endStream: true },
    );
  },
  '/long-field': (stream) => stream.respond({ ':status': 200, 'x-long': 'v'.repeat(30_000) }, { endStream: true }),
  '/reset-cancel': (stream) => stream.close(constants.NGHTTP2_CANCEL),
  '/reset-calm': (stream) => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM),
  '/reset-http1': (stream) => stream.close(constants.NGHTTP2_HTTP_1_1_REQUIRED),
  '/reset-late': (stream) => {
    stream.respond({ ':status': 200 });
    stream.write('some');
    setTimeout(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR), 50);
  },
};

const POST = { ':method': 'POST' };
type Shape = [name: string, headers: OutgoingHttpHeaders, asked?: Asked];
const SHAPES: readonly Shape[] = [
  ...Object.keys(ANSWERS).map((path): Shape => [`GET ${path}`, { ':path': path }]),
  ...['/length', '/404', '/large', '/trailers', '/304', '/empty'].map(
    (path): Shape => [`HEAD ${path}`, { ':path': path, ':method': 'HEAD' }],
  ),
  ...['OPTIONS', 'DELETE', 'PATCH', 'PUT', 'PROPFIND', 'QUERY', 'get'].map(
    (method): Shape => [`${method} /echo`, { ':path': '/echo', ':method': method }, { body: 'x' }],
  ),
  ['OPTIONS *', { ':path': '*', ':method': 'OPTIONS' }],
  ['a query', { ':path': '/echo?a=1&b=%20&c=?/..' }],
  ['encoded characters', { ':path': '/echo/%C3%A9/a%2Fb/;x=1/~' }],
  ['a long path', { ':path': `/echo/${'p'.repeat(8000)}` }],
  ['an authority with its port', { ':path': '/echo', ':authority': `${NAME}:443` }],
  ['a body with its length', { ...POST, ':path': '/echo', 'content-length': '5' }, { body: 'hello' }],
  ['a body in pieces', { ...POST, ':path': '/echo' }, { body: Array.from({ length: 100 }, (_, n) => `piece ${n};`) }],
  ['an empty body', { ...POST, ':path': '/echo' }, { body: '' }],
  ['a large body', { ...POST, ':path': '/echo' }, { body: Buffer.alloc(3_000_000, 'up') }],
  ['a GET with a body', { ':path': '/echo', ':method': 'GET' }, { body: 'unusual' }],
  ['trailers', { ...POST, ':path': '/echo', te: 'trailers' }, { body: 'x', trailers: { 'x-end': 'yes' } }],
  ['trailers without a body', { ...POST, ':path': '/echo' }, { trailers: { 'x-end': 'yes' } }],
  ['cookies in crumbs', { ':path': '/echo', cookie: ['a=1', 'b=2', 'c=3'] }],
  ['a field twice', { ':path': '/echo', 'x-twice': ['1', '2'], accept: ['a/b', 'c/d'] }],
  ['a field of 30 KB', { ':path': '/echo', 'x-long': 'v'.repeat(30_000) }],
  [
    'empty and odd fields',
    { ':path': '/echo', 'x-empty': '', "x!#$%&'*+.^_`|~-": 'token', 'x-latin': 'caf\u00e9', 'x-tab': 'a\tb' },
  ],
  ['names of JavaScript', { ':path': '/echo', constructor: 'a', tostring: 'b', hasownproperty: 'c', '1': 'd' }],
  ['credentials', { ':path': '/echo', authorization: 'Bearer x', [http2.sensitiveHeaders]: ['authorization'] }],
  ['a range', { ':path': '/echo', range: 'bytes=0-1', 'if-range': '"x"' }],
  ['a priority', { ':path': '/echo', priority: 'u=1, i' }],
];

let lab: Lab;
let direct: ClientHttp2Session;
let proxied: ClientHttp2Session;
beforeAll(async () => {
  lab = new Lab();
  await http2Origin(lab, NAME, (stream, headers: IncomingHttpHeaders) => {
    const answer = ANSWERS[String(headers[':path'])];
    if (answer === undefined) {
      echo(stream, headers);
      return;
    }
    stream.resume();
    answer(stream);
  });
  const { port = 0 } = lab.overrides.get(`${NAME}:443`) ?? {};
  const options = { host: '127.0.0.1', port, servername: NAME, ca: lab.originCa.certificatePem, ALPNProtocols: ['h2'] };
  direct = http2.connect(`https://${NAME}`, { createConnection: () => tls.connect(options) });
  proxied = connect(lab, await lab.dialledName(NAME, 443), NAME);
});
afterAll(async () => {
  direct.destroy();
  proxied.destroy();
  await lab.close();
});

it(`there are many shapes`, () => expect(SHAPES.length).toBeGreaterThanOrEqual(40));

/** A body as it is compared: what the server says it got, in whatever order of fields, or a sum. */
function compared(body: Buffer): unknown {
  return body.toString().startsWith('{')
    ? JSON.parse(body.toString())
    : createHash('sha256').update(body).digest('hex');
}

it.each(SHAPES)('%s', async (_name, headers, asked) => {
  const sums: unknown[] = [];
  for (const session of [direct, proxied]) {
    const { body, headers: answered, ...rest } = await ask(session, headers, asked);
    const { date: _date, 'alt-svc': _service, ...fields } = answered;
    sums.push({ ...rest, fields, body: compared(body) });
  }
  expect(sums[1]).toEqual(sums[0]);
});
