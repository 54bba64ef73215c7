// technique: offers in TLS only protocols that cannot be read
// source: RFC 7301, ALPN
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { ALLOWED, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTPS, [`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${TOKEN}`], ALLOWED, { ALPNProtocols: ['h2'] });
await say(process.env.ALLOWED_HTTPS, [TOKEN], ALLOWED, { ALPNProtocols: ['ssh', 'x'] });
