// technique: connects to another port of the permitted host
// source: Traps, awf#207: CVSS 8.2, ports other than 80 and 443
// success: the server that is not permitted was reached
// control: outside
// policy: network
// beside: origins
import { get, PUBLIC, say } from './wire.mjs';

await say(process.env.ALLOWED_SSH, [get(PUBLIC)]);
