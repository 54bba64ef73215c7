// technique: names no server in TLS, and another host inside
// source: RFC 6066, section 3
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { FORBIDDEN, get, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTPS, [get(`/public/${TOKEN}`, FORBIDDEN)], '');
