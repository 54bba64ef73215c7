// technique: connects to a host that no rule permits
// source: reference study 4.3 #20; Traps, claude-code#78608
// success: the server that is not permitted was reached
// control: outside
// policy: network
// beside: origins
import { get, PUBLIC, say } from './wire.mjs';

await say(process.env.FORBIDDEN_HTTP, [get(PUBLIC)]);
