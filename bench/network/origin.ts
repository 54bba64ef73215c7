// An HTTPS origin in a process of its own: a small answer, a large one, and a stream of events that carry the time.
import https from 'node:https';
import type net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSessionCa } from '../../src/proxy/tls/session-ca.ts';
import { NAME } from './words.ts';

const SMALL = JSON.stringify({ message: 'hello', padding: 'x'.repeat(64) });
const BULK = Buffer.alloc(1 << 16, 'leash ');
const EVENTS = 200;
const EVENT_MS = 5;

async function answer(url: string, response: import('node:http').ServerResponse): Promise<void> {
  if (url.startsWith('/bulk/')) {
    let left = Number(url.slice('/bulk/'.length));
    response.setHeader('Content-Length', left);
    for (; left > 0; left -= BULK.length)
      if (!response.write(left < BULK.length ? BULK.subarray(0, left) : BULK))
        await new Promise((resolve) => response.once('drain', resolve));
  } else if (url === '/events') {
    response.setHeader('Content-Type', 'text/event-stream');
    for (let event = 0; event < EVENTS; event++) {
      response.write(`data: ${process.hrtime.bigint()}\n\n`);
      await sleep(EVENT_MS);
    }
  } else {
    response.setHeader('Content-Type', 'application/json');
    response.write(SMALL);
  }
  response.end();
}

const ca = createSessionCa();
const options = {
  SNICallback: (_name: string, done: (error: null, context: never) => void) => done(null, ca.contextFor(NAME) as never),
};
const server = https.createServer(options, (request, response) => {
  answer(request.url ?? '', response).catch(() => response.destroy());
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as net.AddressInfo).port, ca: ca.certificatePem });
});
