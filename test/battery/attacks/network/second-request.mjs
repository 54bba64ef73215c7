// technique: asks on a connection that served a permitted request for another host, and for another path
// source: RFC 9112, section 9.3; reference study 5: checked once a connection
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { FORBIDDEN, get, PRIVATE, PUBLIC, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, [get(PUBLIC), get(`/public/${TOKEN}`, FORBIDDEN)]);
await say(process.env.ALLOWED_HTTP, [get(PUBLIC), get(PRIVATE)]);
