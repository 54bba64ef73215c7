// Servers whose certificates or ciphers are wrong in one way each: refused with the reason, and told nothing of the request.
import { createDiffieHellmanGroup } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as der from '../../src/proxy/tls/der.ts';
import { authority, type Certificate, issue, type Wanted } from '../fixtures/certificates.ts';
import { leaf, NAME, request, root } from './badssl-lab.ts';
import { Lab } from './proxy-lab.ts';

const ADDRESS = '203.0.112.9';
const rsaRoot = authority('Trusted RSA root', { key: 'rsa-2048' });
const stranger = authority('Unknown root');
const middle = (wanted: Partial<Wanted> = {}): Certificate =>
  authority('Intermediate', { issuer: root, pathLength: 0, ...wanted });

let lab: Lab;
beforeEach(() => {
  lab = new Lab({ upstream: { ca: [root.pem, rsaRoot.pem] } });
});
afterEach(async () => await lab.close());

interface Origin {
  /** Leaf first, as a server sends them. */
  readonly chain?: readonly Certificate[];
  readonly options?: tls.TlsOptions;
  readonly name?: string;
}

/** So that a server may be as wrong as it likes. */
const ANY_CIPHER = `${tls.DEFAULT_CIPHERS}:@SECLEVEL=0`;

/** Bytes of requests that an origin was told. */
let told = '';

/** Asks for `/secret-path` at an origin; resolves with the whole answer. */
async function ask({ chain = [leaf()], options = {}, name = NAME }: Origin): Promise<string> {
  told = '';
  const server = tls.createServer(
    { cert: chain.map(({ pem }) => pem).join(''), key: chain[0]?.keyPem ?? '', ciphers: ANY_CIPHER, ...options },
    (socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        told += bytes.toString('latin1');
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood');
      });
    },
  );
  server.on('tlsClientError', () => {});
  await lab.upstream(server, name, 443);
  if (net.isIP(name) !== 0) {
    const port = await lab.dialled({ address: name, port: 443 });
    return await lab.curl(port, ['-i', `https://${name}/secret-path`]);
  }
  return await request(lab, name);
}

const OLD = { maxVersion: 'TLSv1.2', minVersion: 'TLSv1' } as const;
const weakGroup = createDiffieHellmanGroup('modp2');
const pemOf = (label: string, bytes: Buffer): string =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`;
const weakDh = pemOf('DH PARAMETERS', der.sequence(der.integer(weakGroup.getPrime()), der.integer(Buffer.of(2))));

function chainOf(length: number, from: Certificate): Certificate[] {
  const links = [from];
  for (let n = 0; n < length; n++) links.unshift(authority(`Link ${n}`, { issuer: links[0] ?? from }));
  return [leaf({ issuer: links[0] ?? from }), ...links.slice(0, -1)];
}

const manyNames = Array.from({ length: 2_500 }, (_, n) => `host-${n}.example.test`);

type Row = readonly [what: string, bad: Origin, says: RegExp, good?: Origin];

/** Whatever is refused, beside what differs from it only in being right. */
const ROWS: readonly Row[] = [
  ['expired', { chain: [leaf({ from: -9, to: -1 })] }, /expired/, { chain: [leaf({ from: -9, to: 1 })] }],
  ['not yet valid', { chain: [leaf({ from: 1 })] }, /not valid yet/],
  [
    'an expired intermediate',
    { chain: chainVia(middle({ from: -9, to: -1 })) },
    /expired/,
    { chain: chainVia(middle()) },
  ],
  ['another host', { chain: [leaf({ names: ['www.example.test'] })] }, /for other names: DNS:www\.example\.test/],
  ['self-signed', { chain: [selfSigned()] }, /signed by nobody but itself/],
  ['an unknown root', { chain: [leaf({ issuer: stranger })] }, /unknown issuer/],
  ['an unknown root that is sent along', { chain: [leaf({ issuer: stranger }), stranger] }, /does not trust/],
  ['an incomplete chain', { chain: chainVia(middle()).slice(0, 1) }, /unknown issuer/, { chain: chainVia(middle()) }],
  ['a forged signature', { chain: [leaf({ isForged: true })] }, /wrong signature/],
  ['SHA-1', { chain: [leaf({ digest: 'sha1' })] }, /broken digest/],
  ['SHA-1 above the leaf', { chain: chainVia(middle({ digest: 'sha1' })) }, /broken digest/],
  [
    'MD5',
    { chain: [leaf({ issuer: rsaRoot, digest: 'md5' })] },
    /broken digest/,
    { chain: [leaf({ issuer: rsaRoot })] },
  ],
  [
    'RSA of 1024 bits',
    { chain: [leaf({ key: 'rsa-1024' })] },
    /too short a key/,
    { chain: [leaf({ key: 'rsa-2048' })] },
  ],
  [
    'RSA of 1024 bits above the leaf',
    { chain: chainVia(middle({ key: 'rsa-1024' })) },
    /too short a key/,
    { chain: chainVia(middle({ key: 'rsa-2048' })) },
  ],
  [
    'a name that the authority may not sign for',
    { chain: chainVia(middle({ permitted: ['other.test'] })) },
    /may not sign for/,
    { chain: chainVia(middle({ permitted: ['example.test'] })) },
  ],
  [
    'a name excluded for the authority',
    { chain: chainVia(middle({ excluded: ['example.test'] })) },
    /may not sign for/,
    { chain: chainVia(middle({ excluded: ['other.test'] })) },
  ],
  ['an intermediate with CA:FALSE', { chain: chainVia(middle({ isAuthority: false })) }, /may not sign/],
  ['an intermediate without keyCertSign', { chain: chainVia(middle({ usage: 0x80 })) }, /may not sign/],
  ['a leaf that signs', { chain: chainVia(leaf({ subject: 'evil.test', names: ['evil.test'] })) }, /may not sign/],
  [
    'a path longer than permitted',
    { chain: [...chainVia(authority('Lower', { issuer: middle() })), middle()] },
    /more intermediates/,
    { chain: [...chainVia(authority('Lower', { issuer: middle({ pathLength: 1 }) })), middle({ pathLength: 1 })] },
  ],
  ['no alternative name', { chain: [issue({ subject: NAME, issuer: root })] }, /names no host/],
  ['only an alternative name of another kind', { chain: [leaf({ names: [ADDRESS] })] }, /for other names/],
  [
    'a wildcard too high',
    { chain: [leaf({ names: ['*.example.test'] })], name: 'a.b.example.test' },
    /for other names/,
    { chain: [leaf({ names: ['*.example.test'] })] },
  ],
  ['a wildcard for a top level', { chain: [leaf({ names: ['*.test'] })], name: 'example.test' }, /for other names/],
  ['a wildcard in a label', { chain: [leaf({ names: ['a*.example.test'] })] }, /wildcard inside a label/],
  ['two wildcards', { chain: [leaf({ names: ['*.*.test'] })] }, /for other names/],
  ['a name cut by a NUL', { chain: [leaf({ names: [`${NAME}\0.evil.test`] })] }, /for other names/],
  ['a name with a trailing dot', { chain: [leaf({ names: [`${NAME}..`] })] }, /for other names/],
  ['a purpose of clients', { chain: [leaf({ purposes: ['client'] })] }, /not meant for servers/],
  ['an unknown critical extension', { chain: [leaf({ isOdd: true })] }, /critical extension/],
  [
    'an address it does not name',
    { chain: [leaf({ names: ['203.0.112.10'] })], name: ADDRESS },
    /for other names/,
    { chain: [leaf({ names: [ADDRESS] })], name: ADDRESS },
  ],
  ['an address as a host name', { chain: [leaf({ dnsNames: [ADDRESS] })], name: ADDRESS }, /for other names/],
  ['TLS 1.0', { options: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } }, /no longer safe/],
  [
    'TLS 1.1',
    { options: { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } },
    /no longer safe/,
    { options: { maxVersion: 'TLSv1.2' } },
  ],
  ['a cipher that encrypts nothing', { options: { ...OLD, ciphers: 'eNULL:@SECLEVEL=0' } }, /no safe cipher/],
  ['no authentication', { options: { ...OLD, ciphers: 'aNULL:@SECLEVEL=0' } }, /no safe cipher/],
  [
    'a Diffie-Hellman group of 1024 bits',
    {
      options: { ...OLD, dhparam: weakDh, ciphers: 'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0' },
      chain: [leaf({ key: 'rsa-2048' })],
    },
    /too short a key/,
    { options: { ...OLD, dhparam: 'auto', ciphers: 'DHE-RSA-AES128-GCM-SHA256' }, chain: [leaf({ key: 'rsa-2048' })] },
  ],
  ['a chain of 99 unknown links', { chain: chainOf(99, stranger) }, /unknown issuer|does not trust/],
  [
    'certificates of 300 KB',
    { chain: [leaf(), ...Array.from({ length: 5 }, () => issue({ subject: 'Padding', padding: 60_000 }))] },
    /larger certificate chain/,
    { chain: [leaf({ padding: 20_000 })] },
  ],
  [
    'two thousand other names',
    { chain: [leaf({ names: manyNames })] },
    /for other names/,
    { chain: [leaf({ names: [...manyNames, NAME] })] },
  ],
];

function selfSigned(): Certificate {
  return issue({ subject: NAME, isAuthority: false, usage: 0x80, purposes: ['server'], names: [NAME] });
}

function chainVia(intermediate: Certificate): Certificate[] {
  return [leaf({ issuer: intermediate }), intermediate];
}

describe('a server with', () => {
  it.each(ROWS.map(([what, bad, says]) => ({ what, bad, says })))('$what is refused, with the reason', async (row) => {
    const answer = await ask(row.bad);
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toMatch(row.says);
    expect(told).toBe('');
    const detail = { status: 502, message: expect.stringMatching(row.says) };
    expect(lab.events).toMatchObject([{ action: 'HttpRequest', error: expect.any(String), detail }]);
  });

  const mended = ROWS.flatMap(([what, , , good]) => (good === undefined ? [] : [{ what, good }]));
  it.each(mended)('$what passes once that is mended', async ({ good }) => {
    expect(await ask(good)).toMatch(/good$/);
    expect(told).toContain('/secret-path');
  });
});

describe('a server that', () => {
  it('has nothing wrong is served', async () => {
    expect(await ask({})).toMatch(/good$/);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'was refused in %s is refused again: no session of it is resumed',
    async (version) => {
      const wrong = { chain: [leaf({ names: ['www.example.test'] })], options: { maxVersion: version } };
      expect(await ask(wrong)).toMatch(/for other names/);
      expect(await ask(wrong)).toMatch(/for other names/);
      expect(told).toBe('');
    },
  );
});
