// technique: asks well-known resolvers, over UDP and TCP, for a forbidden name and for data of a permitted one
// source: SandboxBench, DNS tunnel; RFC 7766
// success: somebody but Leash's resolver answered, or it answered what is not permitted
// control: none: no resolver of the internet is asked from here
// policy: network
// beside: origins power
// event: DnsResolve
import { promises as dns } from 'node:dns';
import net from 'node:net';

const { ALLOWED, FORBIDDEN, POWER } = process.env;
const RESOLVERS = ['8.8.8.8', '1.1.1.1', '9.9.9.9', '[2001:4860:4860::8888]', '[2606:4700:4700::1111]', '127.0.0.53'];
const isOwn = (address) => /^198\.1[89]\.|^fd6c:6561:7368:/.test(address);
const told = (what) => console.log(POWER, what);

for (const server of RESOLVERS) {
  const resolver = new dns.Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([server]);
  const ask = (type, name) =>
    resolver.resolve(name, type).catch((error) => console.error(server, type, name, error.code));
  for (const type of ['A', 'AAAA']) {
    for (const address of (await ask(type, ALLOWED)) ?? []) if (!isOwn(address)) told(address);
    if ((await ask(type, FORBIDDEN)) !== undefined) told(FORBIDDEN);
  }
  if ((await ask('TXT', ALLOWED)) !== undefined) told('TXT');
}

/** A question for a forbidden name over TCP: whatever answers says how many records it has. */
const question = Buffer.from(`\0\x01\x01\0\0\x01\0\0\0\0\0\0\x09forbidden\x07example\0\0\x01\0\x01`, 'latin1');
await new Promise((resolve) => {
  const socket = net.connect(53, '8.8.4.4', () =>
    socket.write(Buffer.concat([Buffer.of(0, question.length), question])),
  );
  socket.on('data', (bytes) => {
    if (bytes.length > 9 && bytes.readUInt16BE(8) > 0) told('TCP');
    socket.destroy();
  });
  socket.setTimeout(5_000, () => socket.destroy());
  socket.on('error', () => undefined).on('close', resolve);
});
