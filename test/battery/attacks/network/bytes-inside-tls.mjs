// technique: speaks no HTTP inside TLS
// source: raw tunnels by permitted ports
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { ALLOWED, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTPS, [`SSH-2.0-${TOKEN}\r\n`], ALLOWED);
