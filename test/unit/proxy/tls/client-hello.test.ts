// ClientHellos of a real TLS stack, cut, fragmented and damaged.
import net from 'node:net';
import tls from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { readClientHello } from '../../../../src/proxy/tls/client-hello.ts';

async function capture(options: tls.ConnectionOptions): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes: Buffer) => {
        socket.destroy();
        server.close();
        resolve(bytes);
      });
    });
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      tls
        .connect({ ...options, host: '127.0.0.1', port: (server.address() as net.AddressInfo).port })
        .on('error', () => {});
    });
  });
}

/** The same handshake message over records of `size` bytes. */
function refragment(hello: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 5; at < hello.length; at += size) {
    const piece = hello.subarray(at, at + size);
    parts.push(Buffer.from([0x16, 3, 1, piece.length >> 8, piece.length & 0xff]), piece);
  }
  return Buffer.concat(parts);
}

/** A ClientHello with the given extensions. */
function build(extensions: readonly [type: number, body: Buffer][]): Buffer {
  const list = Buffer.concat(
    extensions.map(([type, body]) =>
      Buffer.concat([Buffer.from([type >> 8, type & 255, body.length >> 8, body.length & 255]), body]),
    ),
  );
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32),
    Buffer.from([0, 0, 2, 0x13, 1, 1, 0, list.length >> 8, list.length & 255]),
    list,
  ]);
  const message = Buffer.concat([Buffer.from([1, 0, body.length >> 8, body.length & 255]), body]);
  return Buffer.concat([Buffer.from([0x16, 3, 1, message.length >> 8, message.length & 255]), message]);
}
const serverName = (name: string): Buffer =>
  Buffer.concat([Buffer.from([0, name.length + 3, 0, 0, name.length]), Buffer.from(name)]);

let hello: Buffer;
beforeAll(async () => {
  hello = await capture({ servername: 'a.example.test', ALPNProtocols: ['h2', 'http/1.1'] });
});

describe('readClientHello', () => {
  it('reads server name and ALPN', async () => {
    expect(readClientHello(hello)).toEqual({ serverName: 'a.example.test', alpn: ['h2', 'http/1.1'] });
    expect(readClientHello(await capture({ maxVersion: 'TLSv1.2', servername: '' }))).toEqual({
      serverName: undefined,
      alpn: [],
    });
  });

  it('is incomplete at every cut, and does not judge what follows', () => {
    for (let size = 1; size < hello.length; size++) expect(readClientHello(hello.subarray(0, size))).toBe('incomplete');
    expect(readClientHello(Buffer.concat([hello, Buffer.from('more')]))).toMatchObject({
      serverName: 'a.example.test',
    });
  });

  it('reads a hello over several records, but not over absurdly many', () => {
    for (const size of [hello.length, 100, 20])
      expect(readClientHello(refragment(hello, size))).toMatchObject({ serverName: 'a.example.test' });
    expect(readClientHello(refragment(hello, 1))).toBe('malformed');
  });

  it('refuses a second opinion', () => {
    expect(readClientHello(build([[0, serverName('a.test')]]))).toEqual({ serverName: 'a.test', alpn: [] });
    expect(
      readClientHello(
        build([
          [0, serverName('a.test')],
          [0, serverName('b.test')],
        ]),
      ),
    ).toBe('malformed');
    const two = Buffer.concat([
      Buffer.from([0, 18]),
      serverName('a.test').subarray(2),
      serverName('b.test').subarray(2),
    ]);
    expect(readClientHello(build([[0, two]]))).toBe('malformed');
    expect(readClientHello(build([[0, serverName('a\0b')]]))).toBe('malformed');
    expect(readClientHello(build([[16, Buffer.from([0, 9, 2, 104, 50])]]))).toBe('malformed');
  });

  it('calls what is no ClientHello malformed', () => {
    for (const bytes of [
      'GET / HTTP/1.1',
      '\x16\x04\x01',
      '\x16\x03\x01\0\0',
      '\x16\x03\x01\xff\xff',
      '\x16\x03\x01\0\x04\x02\0\0\0',
      '\x16\x03\x01\0\x04\x01\xff\xff\xff',
    ])
      expect(readClientHello(Buffer.from(bytes, 'latin1'))).toBe('malformed');
  });

  it('never throws on damaged hellos', () => {
    for (let at = 0; at < hello.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const damaged = Buffer.from(hello);
        damaged[at] = value;
        expect(readClientHello(damaged)).toBeDefined();
      }
    }
  });
});
