// The name of a file and some work in; the work done while no other process of this user does its own on the same file.
import { createHash } from 'node:crypto';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LeashError } from '../host/errors.ts';

const TRIES = 250;
const PAUSE_MS = 20;

/** Abstract: there is no file that could be left behind, and the kernel frees the name with its process. Source: unix(7). */
function lockName(file: string): string {
  const name = createHash('sha256').update(`${process.getuid?.()} ${file}`).digest('hex');
  return `\0leash-config-${name}`;
}

function take(name: string): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(name, () => resolve(server));
  });
}

/** @param file absolute. @throws {LeashError} LEASH_CONFIG when others hold it for seconds; and whatever `work` throws */
export async function whileLocked<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const server = await take(lockName(file));
    if (server === undefined) {
      await sleep(PAUSE_MS);
      continue;
    }
    try {
      return await work();
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
  throw new LeashError('LEASH_CONFIG', `${file} is held by another leash; it is unchanged, try again`);
}
