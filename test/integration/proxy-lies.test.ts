// Servers that do not keep to what they said: lengths, order, ends. What the agent gets is never more than one answer to one question.
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab, statuses } from './proxy-lab.ts';

const NAME = 'api.example.test';
let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`;
const last = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`;
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A server that does with each request, numbered over all its connections, what `act` says. */
async function server(
  act: (socket: net.Socket, request: string, nth: number) => void,
): Promise<{ connections: number }> {
  const seen = { connections: 0 };
  let nth = 0;
  const origin = net.createServer((socket) => {
    seen.connections++;
    socket.on('data', (bytes) => act(socket, bytes.toString('latin1'), nth++));
  });
  await lab.upstream(origin, NAME, 80);
  return seen;
}

const speak = async (...parts: string[]): Promise<string> => await lab.speak(await lab.dialledName(NAME, 80), parts);

describe('an answer shorter than it said', () => {
  it.each([
    ['by its length', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
    ['by its chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'],
    ['by its last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n'],
  ])('%s is cut, and is an error in the journal', async (_how, bytes) => {
    await server((socket) => socket.end(bytes));
    const answer = await speak(get('/1'), get('/2'));
    expect(statuses(answer)).toEqual([200]);
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(bytes.slice(bytes.indexOf('\r\n\r\n') + 4));
    expect(lab.events).toMatchObject([{ error: 'ECONNRESET', detail: { status: 200 } }]);
  });
});

describe('bytes behind an answer', () => {
  it.each([
    ['of GET', get('/1'), OK],
    ['of HEAD', get('/1').replace('GET', 'HEAD'), 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n'],
    ['without a body', get('/1'), 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['in chunks', get('/1'), 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ])('%s are dropped with their connection', async (_what, first, bytes) => {
    const seen = await server((socket, _request, nth) =>
      socket.write(nth === 0 ? `${bytes}HTTP/1.1 200 OK\r\n\r\nevil` : OK),
    );
    const answer = await speak(first, last('/2'));
    expect(answer).not.toContain('evil');
    expect(answer).toMatch(/ok$/);
    expect(seen.connections).toBe(2);
  });

  it('on a connection that is idle end it', async () => {
    const seen = await server((socket, _request, nth) => {
      socket.write(OK);
      if (nth === 0) setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'), 50);
      socket.once('close', () => lab.events.push({ closed: true } as never));
    });
    const port = await lab.dialledName(NAME, 80);
    expect(await lab.curl(port, [`http://${NAME}/1`])).toBe('ok');
    await lab.event((event) => 'closed' in event);
    expect(await lab.curl(port, [`http://${NAME}/2`])).toBe('ok');
    expect(seen.connections).toBe(2);
  });

  it('before there was a request are no answer to it', async () => {
    const origin = net.createServer((socket) => socket.write('220 smtp.example.test ready\r\n\r\n'));
    await lab.upstream(origin, NAME, 80);
    expect(statuses(await speak(last('/')))).toEqual([502]);
  });
});

describe('an answer before the request is complete', () => {
  it('reaches the agent, and neither connection is used again', async () => {
    const seen = await server((socket, _request, nth) => {
      if (nth === 0) socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig');
      else socket.write(OK);
    });
    const head = `POST /1 HTTP/1.1\r\nHost: ${NAME}\r\nContent-Length: 1000000\r\n\r\n`;
    const answer = await speak(head, 'x'.repeat(1_000));
    expect(statuses(answer)).toEqual([413]);
    expect(answer).toMatch(/big$/);
    expect(await speak(last('/2'))).toMatch(/ok$/);
    expect(seen.connections).toBe(2);
  });
});

describe('interim answers', () => {
  it('pass in a reasonable number', async () => {
    await server((socket) => socket.write(`${'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'.repeat(3)}${OK}`));
    expect(statuses(await speak(last('/')))).toEqual([103, 103, 103, 200]);
  });

  it('without end are an error', async () => {
    let written = 0;
    await server((socket) => {
      const flood = (): void => {
        if (!socket.destroyed && written++ < 100_000)
          socket.write('HTTP/1.1 102 Processing\r\n\r\n', () => setImmediate(flood));
      };
      flood();
    });
    const answer = await speak(last('/'));
    expect(statuses(answer).length).toBeLessThan(200);
    expect(written).toBeLessThan(100_000);
    expect(lab.events).toMatchObject([{ error: 'EPROTO', detail: { message: 'too many interim responses' } }]);
  });
});

describe('a server that', () => {
  it('ends its side instead of answering is a failure', async () => {
    await server((socket) => socket.end());
    expect(await speak(last('/'))).toMatch(/^HTTP\/1\.1 502 [\s\S]*before its answer was complete/);
  });

  it('ends its side after an answer is connected to anew', async () => {
    const seen = await server((socket) => socket.end(OK));
    expect(statuses(await speak(get('/1'), last('/2')))).toEqual([200, 200]);
    expect(seen.connections).toBe(2);
  });

  it('resets as soon as it is connected to is a failure, in TLS too', async () => {
    for (const port of [80, 443]) {
      await lab.upstream(
        net.createServer((socket) => socket.resetAndDestroy()),
        NAME,
        port,
      );
      const answer = await lab.speak(await lab.dialledName(NAME, port), [last('/')], port === 443 ? NAME : undefined);
      expect(statuses(answer)).toEqual([502]);
    }
  });

  it('says nothing is waited for until the agent goes', async () => {
    await server(() => {});
    const socket = net.connect({ host: '127.0.0.1', port: await lab.dialledName(NAME, 80) });
    socket.write(get('/'));
    setTimeout(() => socket.destroy(), 300);
    expect(await lab.event(({ action }) => action === 'HttpRequest')).toMatchObject({ error: 'ECONNABORTED' });
  });
});

describe('connections upstream', () => {
  it('resume their TLS session', async () => {
    const resumed: boolean[] = [];
    const origin = tls.createServer(
      { SNICallback: (_name, done) => done(null, lab.originCa.contextFor(NAME)) },
      (socket) => {
        resumed.push(socket.isSessionReused());
        socket.on('error', () => {});
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'));
      },
    );
    await lab.upstream(origin, NAME, 443);
    const port = await lab.dialledName(NAME, 443);
    for (const path of ['1', '2', '3']) expect(await lab.curl(port, [`https://${NAME}/${path}`])).toBe('ok');
    expect(resumed).toEqual([false, true, true]);
  });

  it('that rest are at most 256, whatever servers promise', async () => {
    let open = 0;
    const origin = net.createServer((socket) => {
      open++;
      socket.on('close', () => open--);
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\nok'));
    });
    await lab.upstream(origin, NAME, 80);
    const { address = '', port } = lab.overrides.get(`${NAME}:80`) ?? {};
    for (let n = 0; n < 300; n++) {
      const name = `host-${n}.example.test`;
      lab.overrides.set(`${name}:80`, { address, ...(port !== undefined && { port }) });
      expect(statuses(await lab.speak(await lab.dialledName(name, 80), [last('/').replace(NAME, name)]))).toEqual([
        200,
      ]);
    }
    expect(open).toBeLessThanOrEqual(257);
    expect(open).toBeGreaterThan(200);
  });
});
