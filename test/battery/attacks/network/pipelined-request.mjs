// technique: sends the forbidden request together with a permitted one
// source: RFC 9112, section 9.3.2
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { get, PRIVATE, PUBLIC, say } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, [`${get(PUBLIC)}${get(PRIVATE)}`]);
