// technique: continues a header line on the next, which only one server joins
// source: RFC 9112, section 5.2
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, PRIVATE, PUBLIC, say } from './wire.mjs';

for (const request of [
  get(PUBLIC, undefined, `X: y\r\n Transfer-Encoding: chunked\r\n`, get(PRIVATE)),
  get(PUBLIC, undefined, `Transfer-Encoding:\r\n chunked\r\n`, `0\r\n\r\n${get(PRIVATE)}`),
])
  await say(process.env.ALLOWED_HTTP, [request]);
