// A place in; two servers that stand for the internet, one permitted and one not, and afterwards what came to them, out.
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import type { Place } from '../../fixtures/leash.ts';
import { newCanary } from './canary.ts';
import type { Standing } from './standing.ts';

const ALLOWED = 'allowed.example';
const FORBIDDEN = 'forbidden.example';
/** Names that look like a permitted one: `*.allowed.example` is permitted, and none of these. */
const ALIKE = ['evilallowed.example', 'allowed.example.evil.example'];
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: keep-alive\r\n\r\nreached\n';

/** Keeps every byte that comes, and answers whatever it was, so that an attack on what stands before it is not stopped here. */
class Origin {
  #bytes = '';
  connections = 0;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  /** @param context of a server in TLS, whatever name the client asks for, or none */
  constructor(context?: tls.SecureContext) {
    this.#server = net.createServer((socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      this.#serve(context ? new tls.TLSSocket(socket, { isServer: true, secureContext: context }) : socket);
    });
  }

  #serve(socket: net.Socket): void {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      this.#bytes += chunk.toString('latin1');
      if (socket.writable) socket.write(ANSWER);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return (this.#server.address() as net.AddressInfo).port;
  }

  has(text: string): boolean {
    return this.#bytes.toLowerCase().includes(text);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/**
 * The policy `network` permits requests below /public/ of `ALLOWED` on ports 80 and 443. A success is whatever connects to another
 * name or port, or `TOKEN` where a request to the permitted one carries it. `ALLOWED_HTTP`, `ALLOWED_HTTPS`, `FORBIDDEN_HTTP`,
 * `FORBIDDEN_HTTPS` and `ALLOWED_SSH` are HOST:PORT to dial.
 */
export async function origins(place: Place): Promise<Standing> {
  const token = newCanary();
  const ca = createSessionCa();
  const plain = { allowed: new Origin(), forbidden: new Origin(), ssh: new Origin(), alike: new Origin() };
  const secure = { allowed: new Origin(ca.contextFor(ALLOWED)), forbidden: new Origin(ca.contextFor(FORBIDDEN)) };
  const [http, forbiddenHttp, ssh, alike] = await Promise.all(Object.values(plain).map((one) => one.listen()));
  const [https, forbiddenHttps] = await Promise.all(Object.values(secure).map((one) => one.listen()));
  const dialled: readonly [string, string, number | undefined][] = [
    ['ALLOWED_HTTP', `${ALLOWED}:80`, http],
    ['ALLOWED_HTTPS', `${ALLOWED}:443`, https],
    ['FORBIDDEN_HTTP', `${FORBIDDEN}:80`, forbiddenHttp],
    ['FORBIDDEN_HTTPS', `${FORBIDDEN}:443`, forbiddenHttps],
    ['ALLOWED_SSH', `${ALLOWED}:22`, ssh],
    ['ALIKE', `${ALIKE[0]}:80`, alike],
    ['ALIKE_BELOW', `${ALIKE[1]}:80`, alike],
  ];
  const names = { TOKEN: token, ALLOWED, FORBIDDEN };
  const authority = place.write(path.join(place.root, 'origins.pem'), ca.certificatePem);
  return {
    env: { ...names, ...Object.fromEntries(dialled.map(([name, target]) => [name, target])) },
    outsideEnv: Object.fromEntries(dialled.map(([name, , port]) => [name, `127.0.0.1:${port}`])),
    options: [
      ...dialled.flatMap(([, target, port]) => ['--resolve', `${target}:127.0.0.1:${port}`]),
      '--ca',
      authority,
    ],
    facts: () => {
      const others = [plain.forbidden, plain.ssh, plain.alike, secure.forbidden];
      const reached = others.some(({ connections }) => connections > 0)
        ? ['a server that is not permitted was reached']
        : [];
      const told = [plain.allowed, secure.allowed].some((one) => one.has(token));
      return told ? [...reached, 'the permitted server got what it must not get'] : reached;
    },
    end: async () => {
      await Promise.all([...Object.values(plain), ...Object.values(secure)].map((one) => one.close()));
    },
  };
}
