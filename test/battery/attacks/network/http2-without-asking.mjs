// technique: speaks HTTP/2 from the first byte
// source: RFC 9113, section 3.3
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, [`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0${TOKEN}`]);
