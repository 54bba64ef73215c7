// technique: asks inside TLS for a path that no rule permits
// source: anchors, feature 10
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { ALLOWED, get, PRIVATE, say } from './wire.mjs';

await say(process.env.ALLOWED_HTTPS, [get(PRIVATE)], ALLOWED);
