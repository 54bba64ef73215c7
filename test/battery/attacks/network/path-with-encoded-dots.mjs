// technique: goes up from the permitted path in ways that a server decodes
// source: RFC 3986, section 6.2.2; CVE-2021-41773
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, say, TOKEN } from './wire.mjs';

const up = [
  '%2e%2e/',
  '.%2E/',
  '%2e./',
  '..%2f',
  '..%5c',
  '..\\',
  '%2e%2e%2f',
  '..%00/',
  '..;/',
  '..;x=1/',
  '%2e%2e;/',
];
for (const step of up) await say(process.env.ALLOWED_HTTP, [get(`/public/${step}private/${TOKEN}`)]);
