// Where a port is to be published in; a server that listens there out.
import { createServer, type Server, type Socket } from 'node:net';
import { LeashError } from '../../host/errors.ts';
import { endText, type PortSpec } from './port-spec.ts';

/** How many numbers are tried from the first on. */
const TRIES = 1_000;
const BACKLOG = 511;
const LAST_PORT = 65_535;
/** Reasons to try the next number. */
const TAKEN: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES']);

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'ports below 1024 need a privilege that you have not',
  EADDRNOTAVAIL: 'this machine does not have the address',
};

/** The errno name of why it cannot, or the server. */
function listenAt(address: string, port: number, accept: (socket: Socket) => void): Promise<Server | string> {
  return new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'EIO'));
    server.listen({ host: address, port, backlog: BACKLOG }, () => {
      server.removeAllListeners('error');
      server.on('error', () => undefined); // accept(2) without descriptors: the client waits
      resolve(server);
    });
  });
}

function failure(spec: PortSpec, code: string): LeashError {
  const { address, hostPort = spec.port, port } = spec;
  const why = WHY[code] ?? code;
  return new LeashError('LEASH_PORT_BUSY', `port ${port} cannot be published at ${endText(address, hostPort)}: ${why}`);
}

/** @throws {LeashError} LEASH_PORT_BUSY */
export async function listenFor(spec: PortSpec, accept: (socket: Socket) => void): Promise<Server> {
  const { address, hostPort, port } = spec;
  if (hostPort !== undefined) {
    const server = await listenAt(address, hostPort, accept);
    if (typeof server === 'string') throw failure(spec, server);
    return server;
  }
  let code = 'EADDRINUSE';
  for (let tried = port; tried < Math.min(port + TRIES, LAST_PORT + 1); tried++) {
    const server = await listenAt(address, tried, accept);
    if (typeof server !== 'string') return server;
    code = server;
    if (!TAKEN.has(code)) break;
  }
  throw failure(spec, code);
}
