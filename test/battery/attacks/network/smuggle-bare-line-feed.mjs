// technique: ends lines by LF or CR alone
// source: RFC 9112, section 2.2
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { ALLOWED, get, PRIVATE, PUBLIC, say } from './wire.mjs';

for (const end of ['\n', '\r', '\r\r\n', '\n\r'])
  await say(process.env.ALLOWED_HTTP, [`GET ${PUBLIC} HTTP/1.1${end}Host: ${ALLOWED}${end}${end}${get(PRIVATE)}`]);
