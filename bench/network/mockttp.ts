// mockttp as a reverse proxy, if it is installed (`npm install --no-save mockttp`), in a process of its own.
//
// argv: port of the origin
import { NAME } from './words.ts';

const [originPort = ''] = process.argv.slice(2);
const library = process.env['MOCKTTP'] ?? 'mockttp';
const { generateCACertificate, getLocal } = await import(library);
const https = await generateCACertificate({});
const server = getLocal({ https: { key: https.key, cert: https.cert }, http2: false, recordTraffic: false });
await server.start();
// Its option for a private root parses all roots anew for each request; not to verify at all flatters it.
await server.forAnyRequest().thenForwardTo(`https://${NAME}:${originPort}`, { ignoreHostHttpsErrors: true });
process.send?.({ port: server.port, ca: https.cert });
