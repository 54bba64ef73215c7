// technique: opens a WebSocket at a path that no rule permits
// source: RFC 6455
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { get, PRIVATE, say } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, [
  get(
    PRIVATE,
    undefined,
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n',
  ),
]);
