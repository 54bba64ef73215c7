// technique: connects to a host whose name begins like a permitted one
// source: reference study 5
// success: the server that is not permitted was reached
// control: outside
// policy: network
// beside: origins
import { get, PUBLIC, say } from './wire.mjs';

await say(process.env.ALIKE_BELOW, [get(PUBLIC)]);
