// A network that is left through a SOCKS 5 proxy: who resolves, what it is asked, and what its failures tell.
import { execFile } from 'node:child_process';
import type http from 'node:http';
import net from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { readParentProxies } from '../../src/proxy/upstream/parent-proxies.ts';
import { type Socks, socksProxy } from '../fixtures/socks-proxy.ts';
import { Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
const ADDRESS = '203.0.112.5';
const PROXY = 'proxy.company.test';
const run = promisify(execFile);

let lab: Lab;
let socks: Socks;
afterEach(async () => await lab.close());

/** @param addresses what resolves here */
async function behind(
  variable: string,
  addresses: Readonly<Record<string, string>> = {},
  credentials?: string,
): Promise<void> {
  const parents = readParentProxies({ all_proxy: variable });
  lab = new Lab({
    upstream: { ...(parents && { parents }) },
    timeouts: { connect: 3_000 },
    lookup: async (name) => {
      const address = addresses[name];
      if (address === undefined) throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
      return [{ address, family: 4 }];
    },
  });
  const routes = new Map<string, number>();
  socks = socksProxy({ routes, ...(credentials !== undefined && { credentials }) });
  await lab.upstream(socks.server, PROXY, 1080);
  for (const port of [443, 80]) {
    const answer: http.RequestListener = (_request, response) => response.end('through');
    await (port === 443 ? lab.httpsOrigin(NAME, answer) : lab.httpOrigin(NAME, answer));
    const real = lab.overrides.get(`${NAME}:${port}`)?.port ?? 0;
    for (const name of [NAME, ADDRESS]) routes.set(`${name}:${port}`, real);
    lab.overrides.delete(`${NAME}:${port}`);
  }
}

async function asked(name: string, port: number): Promise<string> {
  const request = `GET /path HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`;
  return await lab.speak(await lab.dialledName(name, port), [request], port === 443 ? name : undefined);
}

describe('behind a SOCKS proxy', () => {
  it('curl gets through the same way', async () => {
    await behind('socks5h://unused.test', {}, 'agent:secret');
    const { address, port } = socks.server.address() as net.AddressInfo;
    const args = ['-sS', '--socks5-hostname', `${address}:${port}`, '--proxy-user', 'agent:secret', `http://${NAME}/`];
    expect((await run('curl', args)).stdout).toBe('through');
    expect(socks.asked).toEqual([`name ${NAME}:80`]);
  });

  it.each([80, 443])('names go to it with socks5h, to port %i', async (port) => {
    await behind(`socks5h://${PROXY}`);
    expect(await asked(NAME, port)).toMatch(/through$/);
    expect(socks.asked).toEqual([`name ${NAME}:${port}`]);
  });

  it('addresses that were vetted here go to it with socks5', async () => {
    await behind(`socks5://${PROXY}`, { [NAME]: ADDRESS });
    expect(await asked(NAME, 443)).toMatch(/through$/);
    expect(socks.asked).toEqual([`address ${ADDRESS}:443`]);
  });

  it('a name of a private address does not with socks5', async () => {
    await behind(`socks5://${PROXY}`, { [NAME]: '10.0.0.1' });
    expect(await asked(NAME, 443)).toMatch(/403 [\s\S]*10\.0\.0\.1, which is private/);
    expect(socks.asked).toEqual([]);
  });

  it('names of local networks do not with socks5h', async () => {
    await behind(`socks5h://${PROXY}`);
    expect(await asked('db.internal', 80)).toMatch(/403 [\s\S]*local network/);
    expect(socks.asked).toEqual([]);
  });

  it('user and password are given where they are wanted', async () => {
    await behind(`socks5h://agent:p%40ss@${PROXY}`, {}, 'agent:p@ss');
    expect(await asked(NAME, 443)).toMatch(/through$/);
  });

  it.each([
    ['agent:wrong-one@', /does not accept the user and password in all_proxy/],
    ['', /wants a user and password: write them into all_proxy/],
  ])('what is wrong with %j is said, and is not told', async (user, says) => {
    await behind(`socks5h://${user}${PROXY}`, {}, 'agent:p@ss');
    const answer = await asked(NAME, 443);
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toMatch(says);
    expect(answer + JSON.stringify(lab.events)).not.toContain('wrong-one');
  });

  it('what it cannot reach is said', async () => {
    await behind(`socks5h://${PROXY}`);
    expect(await asked('other.example.test', 80)).toMatch(
      /502 [\s\S]*does not connect to other\.example\.test:80: host unreachable/,
    );
  });
});

describe('a SOCKS proxy that', () => {
  it.each([
    ['speaks another protocol', [Buffer.from('HTTP/1.1 400 Bad\r\n\r\n')]],
    ['is version 4', [Buffer.of(0, 90, 0, 0, 0, 0, 0, 0)]],
    ['wants what was not offered', [Buffer.of(5, 1)]],
    ['wants a password that was not offered', [Buffer.of(5, 2)]],
    ['answers with an unknown address', [Buffer.of(5, 0), Buffer.of(5, 0, 0, 9, 1)]],
    ['changes its version', [Buffer.of(5, 0), Buffer.of(4, 0, 0, 1)]],
  ])('%s is a failure with the reason', async (_what, answers) => {
    await behind(`socks5h://${PROXY}`);
    const left = [...answers];
    const server = net.createServer((socket) => socket.on('data', () => socket.write(left.shift() ?? '')));
    await lab.upstream(server, PROXY, 1080);
    expect(await asked(NAME, 80)).toMatch(/502 [\s\S]*an answer that is none/);
  });

  it('sends its bytes one by one, with the first of the server, loses none', async () => {
    await behind(`socks5h://${PROXY}`);
    const reply = Buffer.concat([Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0), Buffer.from('220 hello\r\n')]);
    const server = net.createServer(async (socket) => {
      socket.resume();
      for (const byte of [5, 0, ...reply]) {
        socket.write(Buffer.of(byte));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      socket.end();
    });
    await lab.upstream(server, PROXY, 1080);
    expect(await lab.speak(await lab.dialledName(NAME, 25), [])).toBe('220 hello\r\n');
  });
});
