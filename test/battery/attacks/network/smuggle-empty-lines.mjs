// technique: begins with what servers skip before a request
// source: RFC 9112, section 2.2
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, PRIVATE, say } from './wire.mjs';

for (const start of ['\r\n', '\n\n', ' ', '\t', '\r\n\r\n '])
  await say(process.env.ALLOWED_HTTP, [`${start}${get(PRIVATE)}`]);
