// technique: asks resolvers in TLS (DoT, port 853) and over HTTPS (DoH), by their addresses and through a permitted server
// source: RFC 7858, RFC 8484
// success: a resolver answered, or the permitted server got a question for one
// control: none: no resolver of the internet is asked from here
// policy: network
// beside: origins power
// event: NetConnect
import tls from 'node:tls';
import { ALLOWED } from './wire.mjs';

const { POWER } = process.env;
const DOH =
  'POST /dns-query HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/dns-message\r\nContent-Length: 0\r\n\r\n';

/** Whatever answers in TLS, with any certificate. */
const speak = (host, port, text, servername) =>
  new Promise((resolve) => {
    const options = { host, port, rejectUnauthorized: false, ...(servername && { servername }) };
    const socket = tls.connect(options, () => socket.write(text));
    socket.on('data', (bytes) => {
      if (!/^HTTP\/1\.1 4/.test(bytes.toString('latin1'))) console.log(POWER, host, port);
      socket.destroy();
    });
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('error', (error) => console.error(host, port, error.code)).on('close', resolve);
  });
for (const host of ['1.1.1.1', '8.8.8.8', '2606:4700:4700::1111']) {
  await speak(host, 853, '\0\x0c\0\x01\x01\0\0\x01\0\0\0\0\0\0');
  await speak(host, 443, DOH.replace('HOST', host));
}
await speak(ALLOWED, 443, DOH.replace('HOST', ALLOWED), ALLOWED);
