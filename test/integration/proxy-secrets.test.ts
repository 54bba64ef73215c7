// Credentials that the agent never holds: where they are put in, and where not.
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import type http from 'node:http';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Decision } from '../../src/proxy/options.ts';
import { SecretBroker } from '../../src/proxy/secrets/broker.ts';
import type { Request } from '../../src/schema/request.ts';
import { ALLOWED, Lab, statuses } from './proxy-lab.ts';
import { auth, binding, PLACEHOLDER, Site, VALUE } from './proxy-secrets-lab.ts';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
});

function opened(...given: ConstructorParameters<typeof Site>): Site {
  const site = new Site(...given);
  lab = site.lab;
  return site;
}

describe('where it goes', () => {
  it('the value reaches the server in the header it is bound to, and nobody else sees it', async () => {
    const site = opened([binding()]);
    const port = await site.https('api.test');
    expect(await site.lab.curl(port, [...auth(`Bearer ${PLACEHOLDER}`), 'https://api.test/v1'])).toBe('ok');
    expect(site.received[0]?.headers.authorization).toBe(`Bearer ${VALUE}`);
    const event = await site.lab.event(({ action }) => action === 'HttpRequest');
    expect(event).toMatchObject({ effect: 'allow', detail: { secrets: ['token'] } });
    expect(site.journal).not.toContain(VALUE);
    expect(site.alerts).toEqual([]);
  });

  it('as the password of Basic credentials, as git sends it', async () => {
    const site = opened([binding()]);
    const port = await site.https('api.test');
    await site.lab.curl(port, ['-u', `x-access-token:${PLACEHOLDER}`, 'https://api.test/']);
    const [, coded = ''] = site.received[0]?.headers.authorization?.split(' ') ?? [];
    expect(Buffer.from(coded, 'base64').toString()).toBe(`x-access-token:${VALUE}`);
  });

  it('in a query parameter and a cookie', async () => {
    const site = opened([
      binding({
        places: [
          { kind: 'query', name: 'key' },
          { kind: 'cookie', name: 'session' },
        ],
      }),
    ]);
    const port = await site.https('api.test');
    const cookie = `Cookie: a=b; session=${PLACEHOLDER}; c=d`;
    await site.lab.curl(port, ['-H', cookie, `https://api.test/v1?a=1&key=${PLACEHOLDER}&b=2`]);
    expect(site.received[0]?.url).toBe(`/v1?a=1&key=${encodeURIComponent(VALUE)}&b=2`);
    expect(site.received[0]?.headers.cookie).toBe(`a=b; session=${VALUE}; c=d`);
    expect(site.journal).not.toContain(VALUE);
  });

  it('injected: the agent sends nothing, and what it sends instead is replaced', async () => {
    const site = opened([binding({ mode: 'inject' })]);
    const port = await site.https('api.test');
    const other = await site.https('other.test');
    await site.lab.curl(port, ['https://api.test/']);
    await site.lab.curl(port, [...auth('Bearer its-own'), 'https://api.test/']);
    await site.lab.curl(other, ['https://other.test/']);
    expect(site.received.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${VALUE}`,
      `Bearer ${VALUE}`,
      undefined,
    ]);
  });

  it('a wildcard is one label or more, never the name itself', async () => {
    const site = opened([binding({ hosts: [{ name: '*.api.test', port: 443 }] })]);
    const [inside, apex] = [await site.https('a.b.api.test'), await site.https('api.test')];
    const lookalike = await site.https('evilapi.test');
    for (const [port, name] of [
      [inside, 'a.b.api.test'],
      [apex, 'api.test'],
      [lookalike, 'evilapi.test'],
    ] as const)
      await site.lab.curl(port, [...auth(`Bearer ${PLACEHOLDER}`), `https://${name}/`]);
    expect(site.received.map(({ headers }) => headers.host)).toEqual(['a.b.api.test']);
  });

  it('a value that has to be fetched holds the request; one that cannot be had fails it', async () => {
    let fails = false;
    const slow = binding();
    const value = slow.value;
    const site = opened([
      {
        ...slow,
        value: async () => (fails ? Promise.reject(new Error('the command for the secret token failed')) : value()),
      },
    ]);
    const port = await site.https('api.test');
    const ask = (): Promise<string> => site.lab.curl(port, [...auth(PLACEHOLDER), 'https://api.test/']);
    expect(await ask()).toBe('ok');
    fails = true;
    expect(await ask()).toContain('the command for the secret token failed');
    expect(site.received).toHaveLength(1);
  });
});

describe('where it does not go', () => {
  /** The request is refused before anything reaches a server, and a person is told. */
  async function stopped(site: Site, port: number, args: readonly string[], why: RegExp): Promise<void> {
    const before = site.received.length;
    const answer = await site.lab.curl(port, ['-o', '-', '-w', '%{http_code}', ...args]);
    expect(answer).toMatch(/403$/);
    expect(answer).toMatch(why);
    expect(site.received.length).toBe(before);
    const event = await site.lab.event(({ effect, reason }) => effect === 'deny' && why.test(reason ?? ''));
    expect(event).toMatchObject({ enforced: true, detail: { secret: 'token', severity: 'high' } });
    expect(site.alerts.join()).toMatch(why);
    expect(site.journal).not.toContain(VALUE);
  }

  it.each([
    ['another host', 'https://evil.test/', auth(`Bearer ${PLACEHOLDER}`)],
    ['another host, Basic', 'https://evil.test/', ['-u', `me:${PLACEHOLDER}`]],
    ['another host, query', `https://evil.test/?x=${PLACEHOLDER}`, []],
  ])('%s', async (_name, url, args) => {
    const site = opened([binding()]);
    await stopped(site, await site.https('evil.test'), [...args, url], /is for api\.test:443 only/);
  });

  it.each([
    ['path', `https://api.test/${PLACEHOLDER}`, []],
    ['query', `https://api.test/?key=${PLACEHOLDER}`, []],
    ['another header', 'https://api.test/', ['-H', `X-Note: ${PLACEHOLDER}`]],
    [
      'another header beside the right one',
      'https://api.test/',
      [...auth(PLACEHOLDER), '-H', `X-Note: ${PLACEHOLDER}`],
    ],
    ['a name of a header', 'https://api.test/', ['-H', `${PLACEHOLDER}: x`]],
  ])('the wrong part of a request: %s', async (_name, url, args) => {
    const site = opened([binding()]);
    await stopped(site, await site.https('api.test'), [...args, url], /is replaced only in the header authorization/);
  });

  it('HTTP without TLS, whatever the Host header says', async () => {
    const site = opened([binding({ hosts: [{ name: 'api.test', port: 80 }] })]);
    const port = await site.http('api.test');
    await stopped(site, port, [...auth(PLACEHOLDER), 'http://api.test/'], /not sent without TLS/);
    // research/proxy.md, section 5: the reference decides by the Host header, and sends the credential to the other server.
    const evil = await site.http('evil.test');
    const answer = await site.lab.speak(evil, [
      `GET / HTTP/1.1\r\nHost: api.test\r\nAuthorization: Bearer ${PLACEHOLDER}\r\nConnection: close\r\n\r\n`,
    ]);
    expect(statuses(answer)).toEqual([421]);
    expect(site.received).toHaveLength(0);
  });

  it('with allow_plaintext it goes over HTTP to its host', async () => {
    const site = opened([binding({ hosts: [{ name: 'api.test', port: 80, allowPlaintext: true }] })]);
    const port = await site.http('api.test');
    await site.lab.curl(port, [...auth(`Bearer ${PLACEHOLDER}`), 'http://api.test/']);
    expect(site.received[0]?.headers.authorization).toBe(`Bearer ${VALUE}`);
  });

  it('another port of its host', async () => {
    const site = opened([binding()]);
    const port = await site.https('api.test', undefined, 8443);
    await stopped(site, port, [...auth(PLACEHOLDER), 'https://api.test:8443/'], /is for api\.test:443 only/);
  });

  it('an address, though it is what the name leads to', async () => {
    const site = opened([binding()]);
    await site.https('api.test');
    const target = site.lab.overrides.get('api.test:443');
    site.lab.overrides.set('203.0.113.9:443', { address: '127.0.0.1', port: target?.port ?? 0 });
    const port = await site.lab.dialled({ address: '203.0.113.9', port: 443 });
    await stopped(site, port, ['-k', ...auth(PLACEHOLDER), 'https://203.0.113.9/'], /is for api\.test:443 only/);
  });

  it('a server that cannot prove its name', async () => {
    const site = opened([binding()]);
    await site.https('evil.test');
    const evil = site.lab.overrides.get('evil.test:443');
    if (evil) site.lab.overrides.set('api.test:443', evil);
    const port = await site.lab.dialledName('api.test', 443);
    const answer = await site.lab.curl(port, ['-w', '%{http_code}', ...auth(PLACEHOLDER), 'https://api.test/']);
    expect(answer).toMatch(/502$/);
    expect(site.received).toHaveLength(0);
  });

  it('another host by redirect', async () => {
    const site = opened([binding()]);
    const port = await site.https('api.test', (_request, response) =>
      response.writeHead(302, { location: 'https://evil.test/' }).end(),
    );
    await site.lab.curl(port, [...auth(`Bearer ${PLACEHOLDER}`), 'https://api.test/']);
    const evil = await site.https('evil.test');
    // What a client does that keeps its header across hosts.
    await stopped(site, evil, [...auth(`Bearer ${PLACEHOLDER}`), 'https://evil.test/'], /is for api\.test:443 only/);
  });

  it('TRACE', async () => {
    const site = opened([binding()]);
    const port = await site.https('api.test');
    await stopped(site, port, ['-X', 'TRACE', ...auth(PLACEHOLDER), 'https://api.test/'], /not sent with TRACE/);
  });

  it('a policy forbids its use', async () => {
    const denied: Decision = { effect: 'deny', policies: ['no-tokens'], reason: 'not today', enforced: true, epoch: 3 };
    const asked: unknown[] = [];
    const site = opened([binding()], {
      decide: (request) => {
        if (request.action !== 'SecretUse') return ALLOWED;
        asked.push(request);
        return denied;
      },
    });
    const port = await site.https('api.test');
    const answer = await site.lab.curl(port, [...auth(PLACEHOLDER), 'https://api.test/']);
    expect(answer).toContain('the secret token may not be used with api.test:443: not today');
    expect(await site.lab.event(({ effect }) => effect === 'deny')).toMatchObject({
      policies: ['no-tokens'],
      epoch: 3,
    });
    expect(asked).toContainEqual({
      action: 'SecretUse',
      resource: { type: 'secret', name: 'token' },
      host: { type: 'host', name: 'api.test' },
      port: 443,
      header: 'authorization',
    });
    expect(site.received).toHaveLength(0);
  });

  it.each(['allow', 'deny'] as const)('a person is asked: %s', async (word) => {
    const question: Decision = { effect: 'deny', policies: ['ask'], ask: 'Use the token?', enforced: true, epoch: 1 };
    const asked: string[] = [];
    const decide = ({ action }: Request): Decision => (action === 'SecretUse' ? question : ALLOWED);
    const broker = new SecretBroker({
      bindings: [binding()],
      decide,
      ask: async ({ action }) => {
        asked.push(action);
        return { ...question, effect: word, approval: { by: word === 'allow' ? 'once' : 'denied', waited: 1 } };
      },
      alert: () => {},
    });
    lab = new Lab({ decide, brokers: [broker] });
    await lab.httpsOrigin('api.test', (_request, response) => response.end('ok'));
    const port = await lab.dialledName('api.test', 443);
    const answer = await lab.curl(port, ['-w', '%{http_code}', ...auth(PLACEHOLDER), 'https://api.test/']);
    expect(answer).toMatch(word === 'allow' ? /^ok200$/ : /may not be used.*403$/s);
    expect(asked).toEqual(['SecretUse']);
  });

  it('a policy forbids its injection: the request goes without', async () => {
    const site = opened([binding({ mode: 'inject' })], {
      decide: ({ action }) =>
        action === 'SecretUse' ? { effect: 'deny', policies: [], enforced: true, epoch: 1 } : ALLOWED,
    });
    const port = await site.https('api.test');
    await site.lab.curl(port, ['https://api.test/']);
    expect(site.received[0]?.headers.authorization).toBeUndefined();
  });

  it('more often than its configuration permits', async () => {
    const site = opened([binding({ maxUses: 2 })]);
    const port = await site.https('api.test');
    const ask = (): Promise<string> => site.lab.curl(port, [...auth(PLACEHOLDER), 'https://api.test/']);
    expect([await ask(), await ask()]).toEqual(['ok', 'ok']);
    expect(await ask()).toContain('was used 2 times');
  });

  it('a body: the stand-in passes as it is, and the event says so', async () => {
    const site = opened([binding()]);
    const whenAllCame: http.RequestListener = (request, response) => request.on('end', () => response.end('ok'));
    const port = await site.https('api.test', whenAllCame);
    const body = `${'x'.repeat(70_000)}${PLACEHOLDER}${'y'.repeat(70_000)}`;
    const file = path.join(site.lab.directory, 'body');
    writeFileSync(file, body);
    await site.lab.curl(port, [...auth(PLACEHOLDER), '--data-binary', `@${file}`, 'https://api.test/']);
    const other = await site.https('other.test', whenAllCame);
    await site.lab.curl(other, ['--data-binary', `hello ${PLACEHOLDER}`, 'https://other.test/']);
    expect(site.bodies[0] === body).toBe(true);
    expect(site.bodies[1]).toBe(`hello ${PLACEHOLDER}`);
    await site.lab.event(({ resource }) => 'name' in resource && resource.name === 'other.test');
    expect(site.lab.events.map(({ detail }) => detail?.['placeholders_sent'])).toEqual([['token'], ['token']]);
  });
});
