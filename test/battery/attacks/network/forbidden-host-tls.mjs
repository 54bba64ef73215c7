// technique: connects in TLS to a host that no rule permits, and calls it by the permitted name
// source: Traps, claude-code#40213
// success: the server that is not permitted was reached
// control: outside
// policy: network
// beside: origins
import { ALLOWED, get, PUBLIC, say } from './wire.mjs';

await say(process.env.FORBIDDEN_HTTPS, [get(PUBLIC)], ALLOWED);
