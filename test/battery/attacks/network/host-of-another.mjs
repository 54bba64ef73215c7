// technique: asks the permitted server for the host that is not
// source: RFC 9112, section 3.2; reference study 5: a Host with another destination
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { FORBIDDEN, get, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, [get(`/public/${TOKEN}`, FORBIDDEN)]);
