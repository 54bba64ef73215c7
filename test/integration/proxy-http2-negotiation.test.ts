// Which version of HTTP a client gets: the one that its server chose, asked once, and what happens when there is none.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, connect, connectClear, dial, echo, http2ClearOrigin, http2Origin } from './proxy-http2-lab.ts';
import { echo as echoHttp1, Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

const port = (): Promise<number> => lab.dialledName(NAME, 443);

describe('what is negotiated', () => {
  it('curl gets HTTP/2 from a server that speaks it, and one event for each request', async () => {
    await http2Origin(lab, NAME, echo);
    const answer = await lab.curl(await port(), ['-i', '--http2', `https://${NAME}/v1/items?token=secret`]);
    expect(answer).toMatch(/^HTTP\/2 200 /);
    expect(answer.toLowerCase()).not.toContain('alt-svc');
    const seen = JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as { headers: Record<string, string> };
    expect(seen.headers).toMatchObject({
      ':path': '/v1/items?token=secret',
      ':authority': NAME,
      ':scheme': 'https',
      ':method': 'GET',
    });
    expect(await lab.event(({ action }) => action === 'HttpRequest')).toMatchObject({
      resource: { type: 'host', name: NAME },
      detail: { method: 'GET', path: '/v1/items', status: 200, port: 443, scheme: 'https', bytes_out: 0 },
      effect: 'allow',
      policies: ['allow-all'],
      who: { exe: '/usr/bin/curl' },
    });
    expect(JSON.stringify(lab.events)).not.toContain('secret');
    expect(lab.events).toHaveLength(1);
  });

  it.each([
    ['a server of HTTP/1.1', ['h2', 'http/1.1'], 'http/1.1'],
    ['a client without ALPN', [], false],
    ['a client of HTTP/1.1', ['http/1.1'], 'http/1.1'],
  ])('%s: HTTP/1.1', async (_who, offered, chosen) => {
    await lab.httpsOrigin(NAME, echoHttp1);
    const socket = dial(lab, await port(), NAME, offered);
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect(socket.alpnProtocol).toBe(chosen);
    socket.destroy();
    expect(await lab.curl(await port(), ['-i', `https://${NAME}/`])).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('a server that speaks both serves each client in its own version', async () => {
    await http2Origin(lab, NAME, echo, { allowHTTP1: true }).then((server) =>
      server.on('request', (request, response) => {
        if (request.httpVersion === '1.1') response.end('one');
      }),
    );
    expect(await lab.curl(await port(), ['-i', '--http1.1', `https://${NAME}/`])).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*one$/,
    );
    expect(await lab.curl(await port(), ['-i', '--http2', `https://${NAME}/`])).toMatch(/^HTTP\/2 200 /);
  });

  it('the server is asked once: later connections and requests share its connection', async () => {
    const origin = await http2Origin(lab, NAME, echo);
    let connections = 0;
    origin.on('secureConnection', () => connections++);
    for (let i = 0; i < 3; i++) await lab.curl(await port(), ['--http2', `https://${NAME}/${i}`]);
    await Promise.all(Array.from({ length: 10 }, async () => lab.curl(await port(), [`https://${NAME}/`])));
    expect(connections).toBe(1);
    expect(lab.events).toHaveLength(13);
  });

  it('a server that cannot be reached: a readable 502 in what the client speaks', async () => {
    lab.overrides.set(`${NAME}:443`, { address: '127.0.0.1', port: 1 });
    expect(await lab.curl(await port(), ['-i', `https://${NAME}/`])).toMatch(/ 502 [\s\S]*refused the connection/);
    const session = connect(lab, await port(), NAME);
    const answer = await ask(session, { ':path': '/' });
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toMatch(/^leash: .*refused the connection/);
    session.destroy();
    expect(await lab.event(({ detail }) => detail?.['status'] === 502)).toMatchObject({ error: 'ECONNREFUSED' });
  });

  it('a client that speaks HTTP/2 only, and a server that does not: 502, and the client is to connect again', async () => {
    await lab.httpsOrigin(NAME, echoHttp1);
    const session = connect(lab, await port(), NAME);
    const gone = new Promise((resolve) => session.once('close', resolve));
    expect((await ask(session, { ':path': '/' })).body.toString()).toContain('does not speak HTTP/2');
    await gone;
  });

  it('a server that changes its mind gets HTTP/1.1 from the next connection on', async () => {
    const origin = await http2Origin(lab, NAME, echo);
    const first = await lab.curl(await port(), ['-i', `https://${NAME}/`]);
    expect(first).toMatch(/^HTTP\/2 200 /);
    await new Promise((resolve) => {
      origin.close(resolve);
      lab.dropUpstreams();
    });
    await lab.httpsOrigin(NAME, echoHttp1);
    expect(await lab.curl(await port(), ['-i', `https://${NAME}/`])).toMatch(/^HTTP\/2 502 /);
    expect(await lab.curl(await port(), ['-i', `https://${NAME}/`])).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('a client that leaves after the handshake may have rejected the certificate, one that asks has not', async () => {
    await http2Origin(lab, NAME, echo);
    await lab.curl(await port(), [`https://${NAME}/`]);
    expect(lab.rejections).toEqual([]);
    const socket = dial(lab, await port(), NAME);
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    socket.end();
    while (lab.rejections.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lab.rejections).toEqual([expect.stringContaining('perhaps rejects it')]);
  });

  it('many requests of many connections, by h2load', async () => {
    await http2Origin(lab, NAME, echo);
    const where = [`--connect-to=127.0.0.1:${await port()}`, `https://${NAME}/load`];
    const { stdout } = await promisify(execFile)('h2load', ['-n', '600', '-c', '6', '-m', '20', ...where]);
    expect(stdout).toContain('600 succeeded, 0 failed, 0 errored');
    while (lab.events.length < 600) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(new Set(lab.events.map(({ detail }) => detail?.['status']))).toEqual(new Set([200]));
  });

  it('cleartext with prior knowledge is served', async () => {
    await http2ClearOrigin(lab, NAME, echo);
    const session = connectClear(await lab.dialledName(NAME, 80), NAME);
    const answer = await ask(session, { ':path': '/clear', ':method': 'POST' }, { body: 'hello' });
    expect(JSON.parse(answer.body.toString())).toMatchObject({ headers: { ':scheme': 'http' }, size: 5 });
    expect(await ask(session, { ':path': '/', ':scheme': 'https' })).toMatchObject({ status: 421 });
    session.close();
    expect(await lab.event(({ detail }) => detail?.['path'] === '/clear')).toMatchObject({
      detail: { scheme: 'http', port: 80, bytes_out: 5, bytes_in: answer.body.length },
    });
  });
});
