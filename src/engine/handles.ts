// Messages on Node's channel from the warden in, with the handles that they bring; each to its taker.
import { type Server, Socket, type SocketConstructorOpts } from 'node:net';

/** A UDP socket as Node hands it over: to be adopted by `dgram.Socket.bind({ fd })`. */
export interface NativeUdp {
  readonly fd: number;
  close(): void;
}

/** Ends of an interposed program; `from-…` are read, `to-…` are written. */
const SERVER_ENDS = ['from-client', 'to-client', 'from-server', 'to-server'] as const;
export type ServerEnd = (typeof SERVER_ENDS)[number];

type ListenerName = 'tcp4' | 'tcp6' | 'udp4' | 'udp6';

export interface HandleTakers {
  listener(name: ListenerName, handle: Server | NativeUdp): void;
  /** Of a further command: `out:ID` or `err:ID`. */
  stream(name: string, socket: Socket): void;
  /** Of the program that got this number in the answer to its query. Paused. */
  serverEnd(server: number, end: ServerEnd, socket: Socket): void;
}

/**
 * A socket of a handle as Node's channel brings it. Paused: nothing is read before somebody wants it. Source: `net.Native` in
 * lib/internal/child_process.js.
 */
export function socketOf(handle: unknown, ways: Pick<SocketConstructorOpts, 'readable' | 'writable'>): Socket {
  const options = { handle, allowHalfOpen: true, readable: false, writable: false, ...ways, pauseOnCreate: true };
  return new Socket(options as SocketConstructorOpts);
}

/** @param message `{ listener: NAME }`, or something else that is not for these. */
export function receiveHandle(message: unknown, handle: unknown, takers: HandleTakers): void {
  const { listener: name } = message as { readonly listener?: string };
  if (name === undefined) return;
  const [word, number] = name.split(':');
  const end = SERVER_ENDS.find((each) => each === word);
  if (end !== undefined) {
    // What the server reads from is a socket, too: its end says that nobody reads there.
    const ways = { readable: end !== 'to-client', writable: end.startsWith('to') };
    takers.serverEnd(Number(number), end, socketOf(handle, ways));
  } else if (number !== undefined) {
    takers.stream(name, handle as Socket);
  } else {
    takers.listener(name as ListenerName, handle as Server | NativeUdp);
  }
}
