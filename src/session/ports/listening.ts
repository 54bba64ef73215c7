// A process of the sandbox in; the TCP ports that programs in its network namespace can be reached at by loopback out.
import { closeSync, openSync, readSync } from 'node:fs';
import { OWN_PORT } from './port-spec.ts';

/** Sockets that listen stand first. */
const LOOK_BYTES = 64 << 10;
const LISTENS = '0A';
/** Any address, or loopback; each 32 bits in the machine's byte order, as hexadecimal. Source: proc_pid_net(5). */
const REACHED: ReadonlySet<string> = new Set([
  '00000000',
  '0100007F',
  '00000000000000000000000000000000',
  '00000000000000000000000001000000',
  '0000000000000000FFFF00000100007F',
]);

/** Ports in the text of /proc/PID/net/tcp or tcp6. */
export function listeningPorts(text: string): number[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    const number = Number.parseInt(port, 16);
    return state === LISTENS && REACHED.has(address) && number !== OWN_PORT ? [number] : [];
  });
}

function beginningOf(file: string): string {
  const bytes = Buffer.alloc(LOOK_BYTES);
  let length = 0;
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    for (let n = -1; n !== 0 && length < LOOK_BYTES; length += n)
      n = readSync(fd, bytes, length, LOOK_BYTES - length, null);
  } catch {
    // It has ended, or the kernel has no IPv6.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  return bytes.toString('latin1', 0, length);
}

/** Each once, in no order. */
export function portsOf(pid: number): ReadonlySet<number> {
  return new Set(['tcp', 'tcp6'].flatMap((name) => listeningPorts(beginningOf(`/proc/${pid}/net/${name}`))));
}
