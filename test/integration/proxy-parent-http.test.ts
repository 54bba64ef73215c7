// Plain requests on a network that is left through a parent proxy, which is given them to forward.
import http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Parent } from '../fixtures/parent-proxy.ts';
import { type Behind, behindParent, get, NAME, PROXY, SECRET, WRITTEN } from './parent-lab.ts';
import { echo, type Lab } from './proxy-lab.ts';

let lab: Lab;
let parent: Parent;
let hide: Behind['hide'];
let asked: Behind['asked'];
afterEach(async () => await lab.close());

async function behind(...how: Parameters<typeof behindParent>): Promise<void> {
  ({ lab, parent, hide, asked } = await behindParent(...how));
}

describe('plain http behind a parent proxy', () => {
  it('is given to it to forward, on connections that are used again', async () => {
    await behind({ HTTP_PROXY: `${PROXY}:3128` });
    await lab.httpOrigin(NAME, echo);
    hide(`${NAME}:80`);
    const port = await lab.dialledName(NAME, 80);
    const url = `http://${NAME}/a?b=$&c`;
    const [first, second] = (await lab.curl(port, [url, '-d', 'body', url])).replace('}{', '}\n{').split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      method: 'POST',
      url: '/a?b=$&c',
      size: 4,
      headers: { host: NAME },
    });
    expect(second).toBe(first);
    expect(parent.asked.map(({ method, target }) => `${method} ${target}`)).toEqual([`POST ${url}`, `POST ${url}`]);
    expect(lab.events).toMatchObject([
      { detail: { path: '/a', status: 200 } },
      { detail: { path: '/a', status: 200 } },
    ]);
  });

  it('on another port says so', async () => {
    await behind({ HTTP_PROXY: `${PROXY}:3128` });
    await lab.httpOrigin(NAME, (_request, response) => response.end('plain'), 8080);
    hide(`${NAME}:8080`);
    const request = get(`${NAME}:8080`);
    expect(await lab.speak(await lab.dialledName(NAME, 8080), [request])).toMatch(/plain$/);
    expect(parent.asked).toMatchObject([{ target: `http://${NAME}:8080/path` }]);
  });

  it('shows the agent what the proxy answers in place of the server', async () => {
    await behind({ HTTP_PROXY: `${PROXY}:3128` });
    expect(await asked(NAME, 80)).toMatch(/^HTTP\/1\.1 403 [\s\S]*the company forbids it/);
  });

  it('that becomes another protocol is tunnelled', async () => {
    await behind({ HTTP_PROXY: `${PROXY}:3128` });
    const origin = http.createServer().on('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: words\r\n\r\nhello');
    });
    await lab.upstream(origin, NAME, 80);
    hide(`${NAME}:80`);
    const request = `GET / HTTP/1.1\r\nHost: ${NAME}\r\nConnection: Upgrade\r\nUpgrade: words\r\n\r\n`;
    expect(await lab.speak(await lab.dialledName(NAME, 80), [request])).toMatch(/^HTTP\/1\.1 101 [\s\S]*hello$/);
    expect(parent.asked).toMatchObject([{ method: 'CONNECT', target: `${NAME}:80` }]);
  });

  it.each([
    ['', /wants a user and password: write them into HTTP_PROXY/],
    ['agent:wrong-one@', /does not accept the user and password in HTTP_PROXY/],
  ])('of a proxy that wants credentials, with %j, is a failure that names the variable', async (user, says) => {
    await behind({ HTTP_PROXY: `http://${user}${PROXY}:3128` }, { credentials: `agent:${SECRET}` });
    const answer = await asked(NAME, 80);
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    expect(answer).toMatch(says);
    expect(answer + JSON.stringify(lab.events)).not.toMatch(/wrong-one|d3Jvbmctb25l|Proxy-Auth/i);
  });

  it('takes the user and password along, and none of the agent', async () => {
    await behind({ HTTP_PROXY: `http://${WRITTEN}@${PROXY}:3128` }, { credentials: `agent:${SECRET}` });
    await lab.httpOrigin(NAME, echo);
    hide(`${NAME}:80`);
    const request = get(NAME).replace('\r\n\r\n', '\r\nProxy-Authorization: Basic c3RvbGVu\r\n\r\n');
    expect(await lab.speak(await lab.dialledName(NAME, 80), [request])).toMatch(/^HTTP\/1\.1 200 /);
    expect(parent.asked[0]?.authorization).toBe(`Basic ${Buffer.from(`agent:${SECRET}`).toString('base64')}`);
  });
});
