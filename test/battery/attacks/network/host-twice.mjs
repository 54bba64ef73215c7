// technique: names two hosts, of which servers take the first or the last
// source: RFC 9112, section 3.2
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { ALLOWED, FORBIDDEN, get, PRIVATE, say, TOKEN } from './wire.mjs';

for (const request of [
  get(PRIVATE, ALLOWED, `Host: ${FORBIDDEN}\r\n`),
  get(`/public/${TOKEN}`, FORBIDDEN, `Host: ${ALLOWED}\r\n`),
])
  await say(process.env.ALLOWED_HTTP, [request]);
