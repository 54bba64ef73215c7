// technique: speaks TLS on port 80 for another server, and plain HTTP on port 443
// source: Traps, claude-code#40213
// success: the permitted server got the token
// control: none: outside, a server speaks one of the two only
// policy: network
// beside: origins
import { FORBIDDEN, get, PRIVATE, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTPS, [get(PRIVATE)]);
await say(process.env.ALLOWED_HTTPS, [get(`/public/${TOKEN}`, FORBIDDEN)]);
await say(process.env.ALLOWED_HTTP, [get(`/public/${TOKEN}`)], FORBIDDEN);
