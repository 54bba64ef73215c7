// A session and its socket enter; that Node gave the session up without a word is what leaves.
import type { Http2Session } from 'node:http2';
import type net from 'node:net';

const FIRST_LOOK = 500;
const MAX_PAUSE = 600_000;
/** Enough for what is queued to be handed to the socket. */
const FLUSH = 50;

/** Bytes the system has not taken yet; undefined when Node does not say. */
function unwritten(socket: net.Socket): number | undefined {
  return (socket as { _handle?: { writeQueueSize?: number } })._handle?.writeQueueSize;
}

/** Frames that wait, also for a stream to be permitted. */
function queued(session: Http2Session): number {
  return session.state.outboundQueueSize ?? 0;
}

/**
 * On some errors of the peer (a frame too large, broken compression, a window that overflows) nghttp2 says GOAWAY and stops, and
 * Node neither closes the session nor tells anybody: its streams would wait for ever. Such a session sends nothing any more, while
 * its socket would take it. Looked at only when nothing arrives, ever more seldom, by an empty SETTINGS frame: servers of gRPC count pings.
 *
 * @param broken called once at most.
 */
export function watch(session: Http2Session, socket: net.Socket, broken: () => void): void {
  let pause = FIRST_LOOK;
  // The first look asks in any case.
  let read: number | undefined;
  let timer: NodeJS.Timeout;
  const later = (act: () => void, delay: number): void => {
    timer = setTimeout(act, delay).unref();
  };
  const look = (): void => {
    if (session.destroyed) return;
    if (read !== undefined && socket.bytesRead !== read) {
      read = socket.bytesRead;
      pause = FIRST_LOOK;
      later(look, pause);
      return;
    }
    read = socket.bytesRead;
    // Behind bytes that the system has not taken, the question would only wait.
    const isAsked = unwritten(socket) === 0;
    const before = queued(session);
    if (isAsked)
      session.settings({}, () => {
        read = socket.bytesRead;
      });
    // Node writes it in the check phase of its loop, which timers alone may not leave time for.
    setImmediate(() => later(() => judge(isAsked, before), FLUSH));
  };
  const judge = (isAsked: boolean, before: number): void => {
    if (session.destroyed) return;
    // On a machine that stood still, what came meanwhile was read after the look, and what it set off may be queued just now.
    const isSilent = socket.bytesRead === read;
    if (isAsked && isSilent && queued(session) > before && unwritten(socket) === 0) {
      broken();
      return;
    }
    pause = Math.min(pause * 2, MAX_PAUSE);
    later(look, pause);
  };
  session.once('close', () => clearTimeout(timer));
  later(look, pause);
}
