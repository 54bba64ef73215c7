// A connection whose last bytes are said enters; it is closed only once the other side has heard them.
import type { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';

/** Milliseconds without a byte from the other side. */
const QUIET = 2_000;
/** Milliseconds after which a client that goes on sending is cut off. */
const LONGEST = 30_000;

/**
 * Ends `socket`, and goes on reading it until nothing comes any more: closing over unread bytes resets the last answer away
 * before the client has read it (RFC 9112, section 9.6).
 */
export function endAndLinger(socket: Duplex, last?: Buffer): void {
  if (last === undefined) socket.end();
  else socket.end(last);
  const until = performance.now() + LONGEST;
  const timer = setTimeout(() => socket.destroy(), QUIET).unref();
  socket.on('data', () => {
    if (performance.now() < until) timer.refresh();
  });
  socket.on('close', () => clearTimeout(timer));
  socket.resume();
}
