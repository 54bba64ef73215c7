// technique: connects to cloud metadata, link-local, private, shared, multicast and translated addresses, which a policy that permits everything does not mean
// source: SandboxBench, discovery; RFC 6890; SSRF lists; reference study 4.3 #20
// success: a connection was made and answered
// control: none: nobody stands at these addresses here
// policy: permissive
// beside: power
// event: NetConnect
import net from 'node:net';

const ADDRESSES = [
  '169.254.169.254',
  'fd00:ec2::254',
  '169.254.170.2',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '224.0.0.1',
  '255.255.255.255',
  'fe80::1',
  'ff02::1',
  '64:ff9b::a9fe:a9fe',
  '::ffff:169.254.169.254',
  '2002:a9fe:a9fe::1',
];
const reach = (host, port) =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.on('connect', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    // Leash itself says that it refuses.
    socket.on('data', (bytes) => bytes.includes('X-Leash-Policy: none') || console.log(process.env.POWER));
    socket.on('error', (error) => console.error(host, error.code)).on('close', resolve);
  });
await Promise.all(ADDRESSES.flatMap((host) => [80, 8080].map((port) => reach(host, port))));
