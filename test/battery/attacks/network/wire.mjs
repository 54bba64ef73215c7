// What the attacks on requests share: bytes to a server, in TLS or not, part by part; its answers go to the output.
import net from 'node:net';
import tls from 'node:tls';

const { TOKEN, ALLOWED, FORBIDDEN } = process.env;
/** What the policy permits is below /public/. */
export const PUBLIC = '/public/page';
/** What it does not permit carries the token, by which a success is known. */
export const PRIVATE = `/private/${TOKEN}`;
export { ALLOWED, FORBIDDEN, TOKEN };

/** A request; `more` are header lines with their ends, then the empty line and a body are added. */
export const get = (path, host = ALLOWED, more = '', body = '') =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n${body}`;
export const post = (path, more, body) => `POST ${path} HTTP/1.1\r\nHost: ${ALLOWED}\r\n${more}\r\n${body}`;
export const chunked = 'Transfer-Encoding: chunked\r\n';

function open(target, serverName, options) {
  const [, host, port] = /^(.*):(\d+)$/.exec(target);
  if (serverName === undefined) return net.connect({ host, port });
  const named = serverName === '' ? {} : { servername: serverName };
  return tls.connect({
    host,
    port,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...named,
    ...options,
  });
}

/** The next answer, or the end, or nothing for a while. */
const answered = (socket, milliseconds) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    for (const event of ['data', 'close'])
      socket.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
  });

/**
 * @param target HOST:PORT
 * @param parts what is written, each after an answer to the one before
 * @param serverName TLS with this server name, or with none if it is empty; no TLS if it is undefined
 */
export async function say(target, parts, serverName, options = {}) {
  const socket = open(target, serverName, options);
  socket.on('error', (error) => console.error(error.message));
  socket.on('data', (bytes) => console.log(bytes.toString('latin1').split('\r\n')[0]));
  await new Promise((resolve) =>
    socket.once(serverName === undefined ? 'connect' : 'secureConnect', resolve).once('close', resolve),
  );
  for (const part of parts) {
    if (socket.destroyed) break;
    socket.write(part, 'latin1');
    await answered(socket, 3000);
  }
  // A second answer may follow the first.
  if (!socket.destroyed) await answered(socket, 150);
  socket.destroy();
}
