// technique: connects to a host whose name ends like a permitted one
// source: reference study 5: wildcard without a dot
// success: the server that is not permitted was reached
// control: outside
// policy: network
// beside: origins
import { get, PUBLIC, say } from './wire.mjs';

await say(process.env.ALIKE, [get(PUBLIC)]);
