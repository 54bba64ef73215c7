// technique: goes up from the permitted path
// source: RFC 3986, section 5.2.4
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, PRIVATE, say } from './wire.mjs';

for (const request of [get(`/public/..${PRIVATE}`), get(`/public/./../..${PRIVATE}`), get(`/public/x/../..${PRIVATE}`)])
  await say(process.env.ALLOWED_HTTP, [request]);
