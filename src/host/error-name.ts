// An errno enters, its name leaves: `EACCES` for 13. Node's own function knows only what libuv knows, and no ENOEXEC.
import { constants } from 'node:os';

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno)
    .reverse() // Of two names for one number the first, as errno(3) has it: EAGAIN, not EWOULDBLOCK.
    .map(([name, number]) => [number, name]),
);

/** The symbolic name of a positive `errno`, errno(3); `errno 524` for one that has none. */
export function errorName(errno: number): string {
  return NAMES.get(errno) ?? `errno ${errno}`;
}
