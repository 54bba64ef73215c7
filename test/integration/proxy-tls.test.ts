// TLS as clients speak it and as attackers do: handshakes in pieces, cut off at each byte, resumed, turned down; and denials that can be read.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientHello } from './client-hello-bytes.ts';
import { ALLOWED, DENIED, echo, Lab, statuses } from './proxy-lab.ts';

const run = promisify(execFile);
const NAME = 'api.example.test';
const REQUEST = `GET / HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`;

let lab: Lab;
let reached: number;
const origin: http.RequestListener = (request, response) => {
  reached += 1;
  echo(request, response);
};
beforeEach(() => {
  lab = new Lab();
  reached = 0;
});
afterEach(async () => await lab.close());

function closed(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => (socket.destroyed ? resolve() : socket.on('close', () => resolve())));
}

/** Passes bytes on to `target`, the client's through `feed`. */
async function between(target: number, feed: (bytes: Buffer, to: net.Socket) => void): Promise<net.Server> {
  const server = net.createServer((client) => {
    const upstream = net.connect({ host: '127.0.0.1', port: target, noDelay: true });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    client.on('data', (bytes) => feed(bytes, upstream));
    upstream.on('data', (bytes) => client.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const portOf = (server: net.Server): number => (server.address() as net.AddressInfo).port;

describe('a handshake', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('may come byte by byte (%s)', async (maxVersion) => {
    await lab.httpsOrigin(NAME, origin);
    let queue = Promise.resolve();
    const slow = await between(await lab.dialledName(NAME, 443), (bytes, to) => {
      for (const byte of bytes) {
        queue = queue.then(() => {
          to.write(Buffer.of(byte));
          return new Promise((resolve) => setImmediate(resolve));
        });
      }
    });
    const ca = lab.sessionCa.certificatePem;
    const client = tls.connect({ host: '127.0.0.1', port: portOf(slow), servername: NAME, ca, maxVersion });
    let answer = '';
    client.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    client.write(REQUEST);
    await closed(client);
    slow.close();
    expect(statuses(answer)).toEqual([200]);
  });

  it('may be cut off at any byte, in either way: that connection ends, and no other', async () => {
    await lab.httpsOrigin(NAME, origin);
    const target = await lab.dialledName(NAME, 443);
    const hello = clientHello({ serverName: NAME, alpn: ['http/1.1'], fragment: 60 });
    await Promise.all(
      Array.from({ length: hello.length }, async (_, size) => {
        const client = net.connect({ host: '127.0.0.1', port: target });
        client.on('error', () => {});
        await once(client, 'connect');
        if (size % 2 === 0) client.end(hello.subarray(0, size));
        else client.write(hello.subarray(0, size), () => setTimeout(() => client.resetAndDestroy(), 5));
        client.resume();
        await closed(client);
      }),
    );
    expect(statuses(await lab.speak(target, [REQUEST], NAME))).toEqual([200]);
    expect(reached).toBe(1);
  });

  it('may be cut off at any byte after the ClientHello', async () => {
    await lab.httpsOrigin(NAME, origin);
    const target = await lab.dialledName(NAME, 443);
    const ca = lab.sessionCa.certificatePem;
    for (let size = 0; size < 160; size += 4) {
      let flight = 0;
      let left = size;
      const cutting = await between(target, (bytes, to) => {
        flight += 1;
        if (flight === 1) return void to.write(bytes);
        const part = bytes.subarray(0, left);
        left -= part.length;
        to.write(part, () => left === 0 && to.destroy());
      });
      const client = tls.connect({ host: '127.0.0.1', port: portOf(cutting), servername: NAME, ca });
      client.on('error', () => {}).once('secureConnect', () => client.write(REQUEST));
      client.resume();
      await closed(client);
      cutting.close();
    }
    expect(reached).toBe(0);
    expect(statuses(await lab.speak(target, [REQUEST], NAME))).toEqual([200]);
  });

  it.each<readonly [string, () => Buffer]>([
    [
      'with a warning alert before it',
      () => Buffer.concat([Buffer.from('15030100020164', 'hex'), clientHello({ serverName: NAME })]),
    ],
    [
      'with a change of cipher before it',
      () => Buffer.concat([Buffer.from('140303000101', 'hex'), clientHello({ serverName: NAME })]),
    ],
    [
      'with an empty record before it',
      () => Buffer.concat([Buffer.from('1603010000', 'hex'), clientHello({ serverName: NAME })]),
    ],
    ['in the form of SSL 2.0', () => Buffer.from('802e0103010015000000100700c0', 'hex')],
    [
      'with a server name twice',
      () => clientHello({ serverName: NAME, extensions: [[0, Buffer.from('000700000461626364', 'hex')]] }),
    ],
    [
      'with two server names',
      () => clientHello({ extensions: [[0, Buffer.from('0008000001610000' + '0162', 'hex')]] }),
    ],
    ['with an empty server name', () => clientHello({ serverName: '' })],
    ['with a NUL in the server name', () => clientHello({ serverName: `${NAME}\0.evil.test` })],
    [
      'of 70 000 bytes',
      () =>
        clientHello({
          serverName: NAME,
          extensions: [
            [21, Buffer.alloc(65_300)],
            [22, Buffer.alloc(200)],
          ],
          fragment: 16_000,
        }),
    ],
    ['in a hundred records', () => clientHello({ serverName: NAME, fragment: 1 })],
  ])('%s is refused, and nothing is relayed', async (_what, bytes) => {
    let touched = 0;
    await lab.upstream(
      net.createServer(() => touched++),
      NAME,
      443,
    );
    lab.splices = () => true;
    const client = net.connect({ host: '127.0.0.1', port: await lab.dialledName(NAME, 443) });
    client.on('error', () => {});
    client.write(bytes());
    await closed(client);
    expect(touched).toBe(0);
    expect(lab.events).toMatchObject([{ action: 'NetConnect', effect: 'deny', error: 'ECONNRESET' }]);
  });

  it.each(['-tls1_2', '-tls1_3'])('is resumed by a client that was here before (%s)', async (version) => {
    await lab.httpsOrigin(NAME, origin);
    const port = await lab.dialledName(NAME, 443);
    const session = path.join(lab.directory, 'session');
    const shake = async (...more: string[]): Promise<string> => {
      const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', NAME, '-CAfile', lab.caFile, version];
      const child = run('openssl', [...args, '-ign_eof', ...more]);
      child.child.stdin?.end(REQUEST);
      return (await child).stdout;
    };
    expect(await shake('-sess_out', session)).toContain('New, TLSv1');
    const again = await shake('-sess_in', session);
    expect(again).toContain('Reused, TLSv1');
    expect(again).toContain('HTTP/1.1 200 OK');
  });
});

describe('a client that does not accept the certificate', () => {
  const remedy = /pins certificates, permit it with @passthrough for Host "api\.example\.test:443"$/;

  it('says so by an alert', async () => {
    await lab.httpsOrigin(NAME, origin);
    const other = path.join(lab.directory, 'other.pem');
    writeFileSync(other, lab.originCa.certificatePem);
    const port = await lab.dialledName(NAME, 443);
    await expect(lab.curl(port, ['--cacert', other, `https://${NAME}/`])).rejects.toThrow(/certificate/);
    expect(await lab.event(({ error }) => error === 'EPROTO')).toMatchObject({
      action: 'NetConnect',
      effect: 'allow',
      detail: { message: expect.stringMatching(remedy) },
    });
    expect(lab.rejections).toEqual([expect.stringContaining("api.example.test:443 the client rejected the session's")]);
    expect(reached).toBe(0);
  });

  it('or leaves when the handshake is over, as Node does', async () => {
    await lab.httpsOrigin(NAME, origin);
    const client = tls.connect({
      host: '127.0.0.1',
      port: await lab.dialledName(NAME, 443),
      servername: NAME,
      ca: lab.originCa.certificatePem,
    });
    client.on('error', () => {});
    await closed(client);
    expect(await lab.event(({ error }) => error === 'EPROTO')).toMatchObject({
      detail: { message: expect.stringMatching(remedy) },
    });
    expect(lab.rejections).toEqual([expect.stringContaining('perhaps rejects it')]);
  });

  it('is not confused with one that speaks no common version', async () => {
    await lab.httpsOrigin(NAME, origin);
    const args = ['s_client', '-connect', `127.0.0.1:${await lab.dialledName(NAME, 443)}`, '-servername', NAME];
    await expect(run('openssl', [...args, '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'])).rejects.toThrow();
    expect(await lab.event(({ error }) => error === 'EPROTO')).toMatchObject({
      detail: { message: expect.stringContaining('TLS with the client failed') },
    });
    expect(lab.rejections).toEqual([]);
  });
});

describe('a denial', () => {
  const denyConnections = (): void => {
    lab.decide = (request) => (request.action === 'NetConnect' ? DENIED : ALLOWED);
  };

  it('can be read by curl, as JSON too', async () => {
    denyConnections();
    const port = await lab.dialledName(NAME, 443);
    const plain = await lab.curl(port, ['-i', `https://${NAME}/x`]);
    expect(plain).toContain('HTTP/1.1 403 Forbidden');
    expect(plain).toContain('X-Leash-Policy: no-secrets; reason="not for agents"');
    expect(plain).toContain('leash: a connection to api.example.test:443 is not permitted: not for agents');
    const json = await lab.curl(port, ['-H', 'Accept: application/json', `https://${NAME}/x`]);
    expect(JSON.parse(json)).toMatchObject({ status: 403, policies: ['no-secrets'] });
    expect(lab.events).toMatchObject([
      { effect: 'deny', detail: { status: 403 } },
      { effect: 'deny', detail: { status: 403 } },
    ]);
  });

  it('is a reset to other protocols, and to a client that says nothing', async () => {
    denyConnections();
    expect(await lab.speak(await lab.dialledName(NAME, 22), ['SSH-2.0-x\r\n'])).toBe('');
    expect(await lab.speak(await lab.dialledName(NAME, 25), [])).toBe('');
    expect(lab.events).toMatchObject([{ error: 'ECONNRESET' }, { error: 'ECONNRESET' }]);
  });

  it('costs a bounded number of connections: more are reset at once', async () => {
    denyConnections();
    const port = await lab.dialledName(NAME, 443);
    const clients = Array.from({ length: 60 }, () => net.connect({ host: '127.0.0.1', port }).on('error', () => {}));
    for (const client of clients) client.resume();
    await lab.event(() => lab.events.length >= 60 - 32);
    for (const client of clients) client.destroy();
    await lab.event(() => lab.events.length === 60);
    expect(lab.events.every(({ effect, error }) => effect === 'deny' && error === 'ECONNRESET')).toBe(true);
    // And there is room again.
    expect(await lab.curl(port, ['-i', `https://${NAME}/`])).toContain('403 Forbidden');
  });
});
