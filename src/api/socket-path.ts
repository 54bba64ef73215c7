// A folder of Leash's in, a path of the socket in it that always fits a socket address out.
import fs from 'node:fs';

export interface SocketPath {
  readonly path: string;
  /** The path holds until this is called. */
  close(): void;
}

/**
 * Through a descriptor of the folder: sun_path has 108 bytes (unix(7)), and a state directory may lie deeper than that. And what is
 * served or spoken to is then surely in that folder, whatever becomes of its name.
 */
export function socketPath(dir: string, name: 'door.sock' | 'gate.sock' | 'hub.sock' = 'door.sock'): SocketPath {
  const fd = fs.openSync(dir, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY | fs.constants.O_NOFOLLOW);
  return { path: `/proc/self/fd/${fd}/${name}`, close: () => fs.closeSync(fd) };
}
