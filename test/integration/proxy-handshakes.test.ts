// Servers that fail the handshake by what they do and not by their certificate: refused with the reason.
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaf, NAME, request, root } from './badssl-lab.ts';
import { Lab } from './proxy-lab.ts';

let lab: Lab;
beforeEach(() => {
  lab = new Lab({ upstream: { ca: [root.pem] } });
});
afterEach(async () => await lab.close());

describe('a server that', () => {
  it('speaks no TLS is refused', async () => {
    const server = net.createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')));
    await lab.upstream(server, NAME, 443);
    expect(await request(lab, NAME)).toMatch(/^HTTP\/1\.1 502 [\s\S]*does not speak TLS/);
  });

  it('closes inside the handshake is refused', async () => {
    await lab.upstream(
      net.createServer((socket) => socket.once('data', () => socket.destroy())),
      NAME,
      443,
    );
    expect(await request(lab, NAME)).toMatch(/^HTTP\/1\.1 502 [\s\S]*inside the TLS handshake/);
  });

  it.each(['-tls1_2', '-tls1_3'])(
    'wants a certificate of the client (%s) is a failure with the reason',
    async (version) => {
      const server = await openssl([version, '-Verify', '1']);
      try {
        expect(await request(lab, NAME)).toMatch(/^HTTP\/1\.1 502 [\s\S]*wants a certificate of the client/);
      } finally {
        server.kill();
      }
    },
  );

  it('begins a second handshake inside the first is refused', async () => {
    const server = await openssl(['-tls1_2']);
    try {
      server.stdout?.on('data', (bytes: Buffer) => {
        // What openssl s_server reads as a command to renegotiate, once it has the request.
        if (bytes.toString().includes('/secret-path')) server.stdin?.write('R\n');
      });
      expect(await request(lab, NAME)).toMatch(/^HTTP\/1\.1 502 /);
      expect(lab.events).toMatchObject([{ error: expect.stringMatching(/./) }]);
    } finally {
      server.kill();
    }
  });
});

/** A server of OpenSSL's own, which does what Node's cannot. */
async function openssl(args: readonly string[]): Promise<ChildProcess> {
  const { pem, keyPem } = leaf();
  const [cert, key] = [path.join(lab.directory, 'cert.pem'), path.join(lab.directory, 'key.pem')];
  writeFileSync(cert, pem);
  writeFileSync(key, keyPem);
  const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', '-cert', cert, '-key', key, ...args]);
  const port = await new Promise<number>((resolve) => {
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const found = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  lab.overrides.set(`${NAME}:443`, { address: '127.0.0.1', port });
  return child;
}
