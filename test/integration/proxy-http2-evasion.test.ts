// Ways around the policy in frames of HTTP/2: each ends its stream or its connection, and nothing of it reaches the origin.
import { Buffer } from 'node:buffer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  block,
  END_HEADERS,
  END_STREAM,
  type Fields,
  FRAME,
  frame,
  headers,
  PREFACE,
} from '../fixtures/http2-frames.ts';
import { ask, connect, type FrameClient, http2Origin, speakFrames, until } from './proxy-http2-lab.ts';
import { Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
let lab: Lab;
let reached: string[];
let seen: Record<string, unknown>[];
beforeEach(async () => {
  lab = new Lab();
  reached = [];
  seen = [];
  await http2Origin(lab, NAME, (stream, received) => {
    reached.push(`${received[':method']} ${received[':path']}`);
    seen.push({ ...received });
    stream.resume();
    stream.respond({ ':status': 200 }, { endStream: true });
  });
});
afterEach(async () => await lab.close());

const BASE: Fields = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':authority', NAME],
  [':path', '/bad'],
];

/** BASE with some fields replaced; one that is undefined is left out. */
function but(changes: Record<string, string | undefined>, ...more: Fields): Fields {
  const kept = BASE.flatMap(([name, value]): Fields => {
    const changed = name in changes ? changes[name] : value;
    return changed === undefined ? [] : [[name, changed]];
  });
  return [...kept, ...more];
}

/** Sends the bad request as stream 1 and a good one as stream 3; resolves when the good one was answered or the connection ended. */
async function send(bad: Buffer): Promise<FrameClient> {
  const client = await speakFrames(lab, NAME);
  const good = headers(3, but({ ':path': '/good' }));
  client.socket.write(Buffer.concat([bad, good]));
  const isAnswered = (): boolean => client.frames.some(({ type, stream }) => type === FRAME.headers && stream === 3);
  await Promise.race([client.closed, until(isAnswered)]);
  client.socket.destroy();
  return client;
}

describe('requests that are answered here', () => {
  const cases: readonly [string, Fields, number][] = [
    ['another :authority', but({ ':authority': 'evil.test' }), 421],
    ['an :authority with another port', but({ ':authority': `${NAME}:8443` }), 421],
    ['an :authority with user information', but({ ':authority': `${NAME}@evil.test` }), 421],
    ['a Host that is not :authority', but({}, ['host', 'evil.test']), 421],
    ['a Host instead of :authority', but({ ':authority': undefined }, ['host', 'evil.test']), 421],
    ['another :scheme', but({ ':scheme': 'http' }), 421],
    ['a :path with dot segments', but({ ':path': '/public/../admin' }), 400],
    ['a :path with encoded dot segments', but({ ':path': '/public/%2e%2e/admin' }), 400],
    ['a :path with a fragment', but({ ':path': '/a#b' }), 400],
  ];
  it.each(cases)('%s', async (_name, fields, status) => {
    await send(headers(1, fields));
    expect(reached).toEqual(['GET /good']);
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({
      action: 'HttpRequest',
      enforced: true,
      detail: { status },
    });
  });

  it('one connection for two hosts: the second is misdirected, whatever certificate it was', async () => {
    const session = connect(lab, await lab.dialledName(NAME, 443), NAME);
    const own = await ask(session, { ':path': '/' });
    const other = await ask(session, { ':path': '/', ':authority': 'other.example.test' });
    session.close();
    expect([own.status, other.status]).toEqual([200, 421]);
    expect(reached).toEqual(['GET /']);
  });
});

describe('requests that never were', () => {
  const DATA = frame(FRAME.data, END_STREAM, 1, 'hello');
  const posted = (length: string): Buffer =>
    Buffer.concat([headers(1, but({ ':method': 'POST' }, ['content-length', length]), END_HEADERS), DATA]);
  const cases: readonly [string, Buffer][] = [
    [
      'CONNECT',
      headers(1, [
        [':method', 'CONNECT'],
        [':authority', 'evil.test:443'],
      ]),
    ],
    ['extended CONNECT', headers(1, but({ ':method': 'CONNECT' }, [':protocol', 'websocket']), END_HEADERS)],
    ['no :authority and no Host', headers(1, but({ ':authority': undefined }))],
    ['no :path', headers(1, but({ ':path': undefined }))],
    ['an empty :path', headers(1, but({ ':path': '' }))],
    ['a :path in absolute form', headers(1, but({ ':path': 'https://evil.test/' }))],
    ['a :path without its slash', headers(1, but({ ':path': 'admin' }))],
    ['no :method', headers(1, but({ ':method': undefined }))],
    ['two :authority', headers(1, [...BASE, [':authority', 'evil.test']])],
    ['two :path', headers(1, [...BASE, [':path', '/admin']])],
    ['two Hosts', headers(1, but({}, ['host', NAME], ['host', 'evil.test']))],
    ['a pseudo-header after a field', headers(1, [['x', 'y'], ...BASE])],
    ['an unknown pseudo-header', headers(1, but({}, [':secret', 'x']))],
    ['a pseudo-header of responses', headers(1, but({}, [':status', '200']))],
    ['an upper-case name', headers(1, but({}, ['X-Upper', 'x']))],
    ['connection', headers(1, but({}, ['connection', 'close']))],
    ['transfer-encoding', headers(1, but({}, ['transfer-encoding', 'chunked']))],
    ['upgrade', headers(1, but({}, ['upgrade', 'h2c']))],
    ['keep-alive', headers(1, but({}, ['keep-alive', 'timeout=5']))],
    ['te with more than trailers', headers(1, but({}, ['te', 'gzip']))],
    ['a length that is longer than the body', posted('6')],
    ['a length that is shorter than the body', posted('4')],
    ['a signed length', posted('+5')],
    ['a list of lengths', posted('5, 5')],
    ['a length in another base', posted('0x5')],
    ['two authorizations', headers(1, but({}, ['authorization', 'a'], ['authorization', 'b']))],
    [
      'two lengths',
      Buffer.concat([
        headers(1, but({ ':method': 'POST' }, ['content-length', '5'], ['content-length', '5']), END_HEADERS),
        DATA,
      ]),
    ],
    [
      'pseudo-headers in trailers',
      Buffer.concat([
        headers(1, but({ ':method': 'POST' }), END_HEADERS),
        frame(FRAME.data, 0, 1, 'x'),
        headers(1, [[':path', '/admin']]),
      ]),
    ],
    [
      'a header list above 64 KiB',
      Buffer.concat([
        frame(FRAME.headers, END_STREAM, 1, block(BASE)),
        ...Array.from({ length: 5 }, (_, at) =>
          frame(FRAME.continuation, at === 4 ? END_HEADERS : 0, 1, block([[`x-${at}`, 'a'.repeat(16_000)]])),
        ),
      ]),
    ],
    ['300 fields', headers(1, but({}, ...Array.from({ length: 300 }, (_, at): [string, string] => [`x-${at}`, 'a'])))],
  ];
  it.each(cases)('%s', async (_name, bytes) => {
    await send(bytes);
    // What began as a request and turned out to be none may have been begun upstream; it was never completed there.
    expect(reached.filter((line) => line !== 'GET /good' && line !== 'POST /bad')).toEqual([]);
  });

  it.each<[string, Fields[number]]>([
    ['a line end in its value', ['x-bad', 'a\r\nhost: evil.test']],
    ['a bare LF in its value', ['x-bad', 'a\nb']],
    ['a NUL in its value', ['x-bad', 'a\0b']],
    ['a space in its name', ['x bad', 'x']],
    ['a line end in its name', ['x\r\nhost', 'evil.test']],
  ])('a field with %s is not sent on', async (_what, field) => {
    await send(headers(1, but({}, field)));
    expect(seen.length).toBeGreaterThan(0);
    for (const received of seen) expect(Object.keys(received).filter((name) => !name.startsWith(':'))).toEqual([]);
  });

  it('a reserved name of objects is a field like any other, or none', async () => {
    await send(headers(1, but({}, ['constructor', 'x'], ['tostring', 'y'], ['x-a', '1'], ['x-a', '2'])));
    expect(seen.find((received) => received[':path'] === '/bad')).toMatchObject({
      constructor: 'x',
      tostring: 'y',
      'x-a': '1, 2',
    });
    await send(headers(1, but({}, ['__proto__', 'x'])));
    expect(reached.filter((line) => line === 'GET /bad')).toHaveLength(1);
  });
});

it('cleartext that begins as HTTP/2 and goes on as something else reaches nobody, and is recorded', async () => {
  const port = await lab.dialledName(NAME, 80);
  const bytes: string[] = [];
  const net = await import('node:net');
  const origin = net.createServer((socket) => socket.on('data', (data) => bytes.push(data.toString('latin1'))));
  await lab.upstream(origin, NAME, 80);
  await lab.speak(port, [`${PREFACE.toString('latin1')}\0\0\0\x04\0\0\0\0\0the token, in no frame`]);
  expect(bytes.join('')).not.toContain('token');
  expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({ action: 'HttpRequest', error: 'EPROTO' });
});
