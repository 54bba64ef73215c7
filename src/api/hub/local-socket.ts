// A server and the user's state folder in; it listening there on a socket that only the user can reach, unless another hub does, out.
import fs from 'node:fs';
import net from 'node:net';
import { socketPath } from '../socket-path.ts';

/** Whether somebody accepts connections there. */
function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * The socket is `hub.sock` with mode 0600. What a hub that died has left is replaced.
 * @returns undefined where another hub serves: with other sessions, it has another address
 * @throws Error when the folder is open to others; the system's error
 */
export async function listenOnSocket(server: net.Server, stateDir: string): Promise<{ close(): void } | undefined> {
  if ((fs.statSync(stateDir).mode & 0o077) !== 0) throw new Error(`${stateDir} is open to others`);
  const socket = socketPath(stateDir, 'hub.sock');
  try {
    if (await isServed(socket.path)) {
      socket.close();
      return undefined;
    }
    fs.rmSync(socket.path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket.path, () => {
        server.off('error', reject);
        resolve();
      });
    });
    fs.chmodSync(socket.path, 0o600);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
