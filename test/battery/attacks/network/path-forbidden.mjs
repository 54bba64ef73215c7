// technique: asks for a path that no rule permits, with every method
// source: anchors, feature 8
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { get, PRIVATE, say } from './wire.mjs';

for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'PROPFIND', 'get', 'X'])
  await say(process.env.ALLOWED_HTTP, [get(PRIVATE).replace('GET', method)]);
