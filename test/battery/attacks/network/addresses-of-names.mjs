// technique: dials the neighbours of a permitted name's address, which may stand for names that are not permitted
// source: synthetic addresses, one a name: 198.18.0.0/15 and fd6c:6561:7368::/96
// success: the server that is not permitted was reached
// control: none: outside, names have no synthetic addresses
// policy: network
// beside: origins
// event: NetConnect
import dns from 'node:dns/promises';
import net from 'node:net';

const { ALLOWED, FORBIDDEN } = process.env;
await dns.lookup(FORBIDDEN).catch(() => undefined);
const { address } = await dns.lookup(ALLOWED, { family: 4 });
const [last = 0] = address.split('.').map(Number).slice(-1);
const reach = (host, port) =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port }, () =>
      socket.write(`GET /public/ HTTP/1.1\r\nHost: ${FORBIDDEN}\r\n\r\n`),
    );
    socket
      .on('error', (error) => console.error(host, error.code))
      .on('data', String)
      .on('close', resolve)
      .setTimeout(3000, () => socket.destroy());
  });
for (let step = -4; step <= 4; step += 1) {
  const neighbour = `${address.replace(/\d+$/, '')}${(last + step + 256) % 256}`;
  await Promise.all([80, 443].map((port) => (neighbour === address ? undefined : reach(neighbour, port))));
}
