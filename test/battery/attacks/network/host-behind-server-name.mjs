// technique: asks for another host inside TLS than by the server name
// source: domain fronting; reference study 5
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { ALLOWED, FORBIDDEN, get, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTPS, [get(`/public/${TOKEN}`, FORBIDDEN)], ALLOWED);
