// technique: puts NUL, CR and tabs where a server ends a header line
// source: RFC 9110, section 5.5
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, PRIVATE, PUBLIC, say } from './wire.mjs';

for (const request of [
  get(PUBLIC, undefined, `X: a\r\rGET ${PRIVATE}\r\n`),
  get(PUBLIC, undefined, `X\0: ${PRIVATE}\r\n`),
  get(`${PUBLIC}\t${PRIVATE}`),
])
  await say(process.env.ALLOWED_HTTP, [request]);
