// technique: speaks HTTP/0.9, 1.0 with chunks, and versions that do not exist
// source: RFC 9112, sections 2.3 and 6.1
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { chunked, get, PRIVATE, PUBLIC, post, say } from './wire.mjs';

const requests = [
  `GET ${PRIVATE}\r\n\r\n`,
  post(PUBLIC, chunked, `0\r\n\r\n${get(PRIVATE)}`).replace('HTTP/1.1', 'HTTP/1.0'),
  get(PRIVATE).replace('HTTP/1.1', 'HTTP/2.0'),
  get(PRIVATE).replace('HTTP/1.1', 'HTTP/1.10'),
  get(PRIVATE).replace('HTTP/1.1', 'http/1.1'),
];
for (const request of requests) await say(process.env.ALLOWED_HTTP, [request]);
