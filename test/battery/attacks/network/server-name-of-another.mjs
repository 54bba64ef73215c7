// technique: asks in TLS for another server than it connects to
// source: RFC 6066, section 3; domain fronting
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: NetConnect
import { FORBIDDEN, get, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTPS, [get(`/public/${TOKEN}`)], FORBIDDEN);
