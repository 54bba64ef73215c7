// A network that is left through a company's proxy: who is asked for what, what never reaches it, and what its failures tell.
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSessionCa } from '../../src/proxy/tls/session-ca.ts';
import type { Parent } from '../fixtures/parent-proxy.ts';
import { type Behind, behindParent, get, NAME, PROXY, SECRET, WRITTEN } from './parent-lab.ts';
import { type Lab, statuses } from './proxy-lab.ts';

let lab: Lab;
let parent: Parent;
let looked: Behind['looked'];
let hide: Behind['hide'];
let asked: Behind['asked'];
afterEach(async () => await lab.close());

async function behind(...how: Parameters<typeof behindParent>): Promise<void> {
  ({ lab, parent, looked, hide, asked } = await behindParent(...how));
}

/** The proxy speaks TLS, with a certificate for `certified`. */
async function behindTls(certified: string): Promise<void> {
  const authority = createSessionCa();
  await behind(
    { https_proxy: `https://${WRITTEN}@${PROXY}:3128` },
    {
      credentials: `agent:${SECRET}`,
      context: authority.contextFor(certified),
      upstream: { ca: [authority.certificatePem] },
    },
  );
}

describe('behind a parent proxy', () => {
  it('https goes through it, verified end to end, and no name is resolved here', async () => {
    await behind({ https_proxy: `http://${PROXY}:3128` });
    await lab.httpsOrigin(NAME, (_request, response) => response.end('through'));
    hide(`${NAME}:443`);
    expect(await asked(NAME, 443)).toMatch(/through$/);
    expect(parent.asked).toEqual([{ method: 'CONNECT', target: `${NAME}:443`, authorization: undefined }]);
    expect(looked).toEqual([]);
  });

  it('a certificate that is wrong stays wrong', async () => {
    await behind({ https_proxy: `http://${PROXY}:3128` });
    const server = https.createServer({ SNICallback: (_name, done) => done(null, lab.originCa.contextFor('b.test')) });
    await lab.upstream(server, NAME, 443);
    hide(`${NAME}:443`);
    expect(await asked(NAME, 443)).toMatch(/502 [\s\S]*for other names/);
  });

  it.each([
    [{ ALL_PROXY: `http://${PROXY}:3128` }, 1],
    [{ HTTPS_PROXY: `http://${PROXY}:3128`, HTTP_PROXY: `http://${PROXY}:3128` }, 0],
  ])('another protocol goes where %j says', async (env, times) => {
    await behind(env);
    const greeting = net.createServer((socket) => socket.end('220 hello\r\n'));
    await lab.upstream(greeting, NAME, 25);
    hide(`${NAME}:25`);
    const answer = await lab.speak(await lab.dialledName(NAME, 25), []);
    expect(answer).toBe(times === 1 ? '220 hello\r\n' : '');
    expect(parent.asked).toHaveLength(times);
  });

  it('TLS that stays closed goes through it, whatever its port', async () => {
    await behind({ https_proxy: `http://${PROXY}:3128` });
    lab.splices = () => true;
    await lab.httpsOrigin(NAME, (_request, response) => response.end('closed'), 8443);
    hide(`${NAME}:8443`);
    const roots = path.join(lab.directory, 'origin.pem');
    writeFileSync(roots, lab.originCa.certificatePem);
    const port = await lab.dialledName(NAME, 8443);
    expect(await lab.curl(port, ['--cacert', roots, `https://${NAME}:8443/`])).toBe('closed');
    expect(parent.asked).toMatchObject([{ method: 'CONNECT', target: `${NAME}:8443` }]);
  });

  it('a literal public address goes through it by that address', async () => {
    await behind({ https_proxy: `http://${PROXY}:3128` });
    const port = await lab.dialled({ address: '203.0.112.9', port: 443 });
    expect(await lab.curl(port, ['-i', 'https://203.0.112.9/'])).toMatch(/502 [\s\S]*answered 403 Not on the list/);
    expect(parent.asked).toMatchObject([{ target: '203.0.112.9:443' }]);
  });

  it('the connection through it is kept and used again', async () => {
    await behind({ https_proxy: `http://${PROXY}:3128` });
    await lab.httpsOrigin(NAME, (_request, response) => response.end('through'));
    hide(`${NAME}:443`);
    const port = await lab.dialledName(NAME, 443);
    expect(await lab.curl(port, [`https://${NAME}/1`, `https://${NAME}/2`])).toBe('throughthrough');
    expect(await lab.curl(port, [`https://${NAME}/3`])).toBe('through');
    expect(parent.asked).toHaveLength(1);
  });
});

describe('a parent proxy that speaks TLS', () => {
  it('is verified and used', async () => {
    await behindTls(PROXY);
    await lab.httpsOrigin(NAME, (_request, response) => response.end('twice'));
    hide(`${NAME}:443`);
    expect(await asked(NAME, 443)).toMatch(/twice$/);
  });

  it('with a certificate for another name is refused before it is asked anything', async () => {
    await behindTls('other.company.test');
    expect(await asked(NAME, 443)).toMatch(/502 [\s\S]*the certificate of proxy\.company\.test is for other names/);
    expect(parent.asked).toEqual([]);
  });
});

describe('the password of a parent proxy', () => {
  it('reaches it and nobody else', async () => {
    await behind({ https_proxy: `http://${WRITTEN}@${PROXY}:3128` }, { credentials: `agent:${SECRET}` });
    let seen = '';
    await lab.httpsOrigin(NAME, (request, response) => {
      seen = JSON.stringify(request.rawHeaders);
      response.end('through');
    });
    hide(`${NAME}:443`);
    expect(await asked(NAME, 443)).toMatch(/through$/);
    expect(parent.asked[0]?.authorization).toBe(`Basic ${Buffer.from(`agent:${SECRET}`).toString('base64')}`);
    expect(seen).not.toMatch(/proxy-/i);
  });

  it.each([
    ['wrong', `http://agent:wrong-one@${PROXY}:3128`, /does not accept the user and password in https_proxy/],
    ['missing', `http://${PROXY}:3128`, /wants a user and password: write them into https_proxy/],
  ])('when %s is said so, and is not told', async (_what, url, says) => {
    await behind({ https_proxy: url }, { credentials: `agent:${SECRET}` });
    const answer = await asked(NAME, 443);
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toMatch(says);
    expect(lab.events).toMatchObject([{ error: 'ERR_PROXY_AUTH', detail: { message: expect.stringMatching(says) } }]);
    expect(answer + JSON.stringify(lab.events)).not.toMatch(/wrong-one|d3Jvbmctb25l|Proxy-Auth/i);
  });
});

describe('what never reaches a parent proxy', () => {
  it('is what NO_PROXY names', async () => {
    await behind({ https_proxy: `http://${PROXY}:3128`, no_proxy: 'example.test' });
    expect(await asked(NAME, 443)).toMatch(/502 [\s\S]*does not exist/);
    expect(looked).toEqual([NAME]);
    expect(parent.asked).toEqual([]);
  });

  it('is what an operator has placed', async () => {
    await behind({ https_proxy: `http://${PROXY}:3128` });
    await lab.httpsOrigin(NAME, (_request, response) => response.end('near'));
    expect(await asked(NAME, 443)).toMatch(/near$/);
    expect(parent.asked).toEqual([]);
  });

  it('is the loopback of this machine', async () => {
    await behind({ ALL_PROXY: `http://${PROXY}:3128` });
    const answer = await asked('host.leash.internal', 1);
    expect(answer).toMatch(/502 [\s\S]*nothing listens there/);
    expect(parent.asked).toEqual([]);
  });

  it.each([
    'intranet',
    'db.internal',
    'printer.local',
    'ip6-localhost',
    'metadata.google.internal',
    'router.home.arpa',
  ])('is %s, a name of a local network', async (name) => {
    await behind({ ALL_PROXY: `http://${PROXY}:3128` });
    expect(await asked(name, 80)).toMatch(/403 [\s\S]*local network/);
    expect(parent.asked).toEqual([]);
    expect(lab.events).toMatchObject([{ effect: 'deny', error: 'EACCES' }]);
  });

  it.each(['10.0.0.1', '169.254.169.254', '100.64.0.1'])('is %s', async (address) => {
    await behind({ ALL_PROXY: `http://${PROXY}:3128` });
    expect(await lab.speak(await lab.dialled({ address, port: 80 }), [get(address)])).toMatch(
      /^HTTP\/1\.1 403 [\s\S]*address/,
    );
    expect(parent.asked).toEqual([]);
    expect(lab.events).toMatchObject([{ effect: 'deny', action: 'NetConnect' }]);
  });

  it('is what was denied', async () => {
    await behind({ ALL_PROXY: `http://${PROXY}:3128` });
    lab.decide = (request) => ({
      effect: request.action === 'HttpRequest' ? 'deny' : 'allow',
      policies: [],
      enforced: true,
      epoch: 1,
    });
    expect(await asked(NAME, 80)).toMatch(/^HTTP\/1\.1 403 /);
    expect(parent.asked).toEqual([]);
  });
});

describe('an agent that asks for the parent proxy itself', () => {
  const address = '203.0.112.77';
  const env = { ALL_PROXY: `http://${PROXY}:3128` };

  it.each([
    ['by name', env],
    ['by name, without a proxy for that', { ...env, NO_PROXY: 'company.test' }],
  ])('is refused %s', async (_how, variables) => {
    await behind(variables, { addresses: { [PROXY]: address } });
    lab.overrides.delete(`${PROXY}:3128`);
    const answer = await asked(PROXY, 3128);
    expect(answer === '' || statuses(answer)[0] === 403).toBe(true);
    expect(lab.events).toMatchObject([{ effect: 'deny', reason: expect.stringMatching(/only Leash may use/) }]);
  });

  it.each([
    ['by its address', env],
    ['by its address, without a proxy for that', { ...env, NO_PROXY: address }],
  ])('is refused %s', async (_how, variables) => {
    await behind(variables, { addresses: { [PROXY]: address } });
    lab.overrides.delete(`${PROXY}:3128`);
    await lab.speak(await lab.dialled({ address, port: 3128 }), [get(`${address}:3128`)]);
    expect(lab.events).toMatchObject([{ effect: 'deny', reason: expect.stringMatching(/only Leash may use/) }]);
  });

  it('is refused by another name for its address', async () => {
    const alias = 'alias.example.test';
    await behind({ ...env, NO_PROXY: alias }, { addresses: { [PROXY]: address, [alias]: address } });
    lab.overrides.delete(`${PROXY}:3128`);
    expect(await asked(alias, 3128)).toMatch(/403 [\s\S]*only Leash may use/);
  });
});
