// Parent proxies that fail or lie: each is a failure that names the proxy, and nothing of theirs passes for an answer.
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readParentProxies } from '../../src/proxy/upstream/parent-proxies.ts';
import { Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
const PROXY = 'proxy.company.test';

let lab: Lab;
afterEach(async () => await lab.close());

/** A lab whose network is left by the proxies that `env` names. */
function behind(env: Readonly<Record<string, string>>): void {
  const parents = readParentProxies(env);
  const lookup = async (): Promise<never> => {
    throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  };
  lab = new Lab({ upstream: { ...(parents && { parents }) }, timeouts: { connect: 3_000 }, lookup });
}

async function asked(): Promise<string> {
  const request = `GET /path HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`;
  return await lab.speak(await lab.dialledName(NAME, 443), [request], NAME);
}

describe('a parent proxy that', () => {
  it.each([
    ['speaks something else', '220 smtp.company.test ready\r\n\r\n', /an answer that is none/],
    ['answers without end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}`, /an answer that is none/],
    ['answers with interim responses only', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50), /an answer that is none/],
    ['switches protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', /an answer that is none/],
    ['is out of order', 'HTTP/1.1 503 \x1b[31mService Unavailable\r\n\r\n', /an answer that is none/],
    [
      'has no way',
      'HTTP/1.1 504 Gateway Timeout\r\n\r\n',
      /does not connect to api\.example\.test:443: it answered 504 Gateway/,
    ],
    ['sends elsewhere', 'HTTP/1.1 302 Found\r\nLocation: http://login.company.test/\r\n\r\n', /it answered 302 Found/],
  ])('%s is a failure with the reason', async (_what, bytes, says) => {
    behind({ https_proxy: `http://${PROXY}:3128` });
    await lab.upstream(
      net.createServer((socket) => socket.once('data', () => socket.write(bytes, 'latin1'))),
      PROXY,
      3128,
    );
    const answer = await asked();
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toMatch(says);
  });

  it.each([
    ['closes', (socket: net.Socket) => socket.end(), /closed the connection without an answer/],
    ['resets', (socket: net.Socket) => socket.resetAndDestroy(), /closed the connection without an answer/],
    ['stops in its answer', (socket: net.Socket) => socket.end('HTTP/1.1 200'), /closed the connection without/],
    ['says nothing', () => {}, /did not answer in 3000 ms/],
  ])('%s is a failure with the reason', async (_what, act, says) => {
    behind({ https_proxy: `http://${PROXY}:3128` });
    await lab.upstream(
      net.createServer((socket) => socket.once('data', () => act(socket))),
      PROXY,
      3128,
    );
    expect(await asked()).toMatch(says);
  });

  it('is not there is a failure that names it and its variable', async () => {
    behind({ https_proxy: 'http://gone.company.test:3128' });
    lab.overrides.set('gone.company.test:3128', { address: '127.0.0.1', port: 1 });
    expect(await asked()).toMatch(/502 [\s\S]*the proxy http:\/\/gone\.company\.test:3128 \(https_proxy\) refused/);
  });

  it('has no address is a failure that says so', async () => {
    behind({ https_proxy: 'http://gone.company.test:3128' });
    expect(await asked()).toMatch(/502 [\s\S]*gone\.company\.test does not exist/);
  });

  it('sends the first bytes of the server with its answer loses none of them', async () => {
    behind({ ALL_PROXY: `http://${PROXY}:3128` });
    await lab.upstream(
      net.createServer((socket) => socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\n220 hello\r\n'))),
      PROXY,
      3128,
    );
    expect(await lab.speak(await lab.dialledName(NAME, 25), [])).toBe('220 hello\r\n');
  });
});
