// technique: has a name that the policy permits mean the host's loopback, as its owner's resolver could say any day
// source: DNS rebinding; RFC 6761, section 6.3
// success: a service of the host was reached
// control: none: outside, no resolver knows this name
// policy: permissive
// beside: services
import dns from 'node:dns/promises';
import net from 'node:net';

const resolveAll = async (name) =>
  (await Promise.allSettled([dns.resolve4(name), dns.resolve6(name)])).flatMap(({ value = [] }) => value);
const reach = (host) =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port: Number(process.env.SERVICE_PORT) }, () => socket.write('x\n'));
    socket.on('error', (error) => console.error(host, error.code));
    socket
      .on('data', String)
      .on('close', resolve)
      .setTimeout(3000, () => socket.destroy());
  });
// Leash, which asks the machine when it connects, gets an address of loopback for the name.
const name = process.env.LOOPBACK_NAME;
if (name) for (const address of await resolveAll(name)) await reach(address);
