// What the warden reports, decoded.

/** A process at first sight, and again after each execve. */
export interface WireProcess {
  readonly pid: number;
  readonly parent: number;
  readonly hostPid: number;
  readonly uid: number;
  readonly exe: string;
  readonly argv: readonly string[];
  /** Number of its line of descent, which ends in `exe`; 0 when it is not known. */
  readonly line: number;
  /** The line that one came from; 0 for none. */
  readonly lineUp: number;
  /** Number of the server that it is or descends from, as the manager gave it; 0 for none. */
  readonly server: number;
  /** Of the content of `exe`, lower-case hexadecimal; absent when it is not known. */
  readonly sha256?: string;
}

/** An event or a query. */
export interface WireEvent {
  readonly time: number;
  /** Of the call: always in a query, and in an event when the manager was asked; else 0n. */
  readonly id: bigint;
  readonly pid: number;
  readonly epoch: number;
  readonly operation: number;
  readonly actions: number;
  readonly denied: number;
  readonly flags: number;
  readonly error: number;
  readonly path: string;
  readonly path2: string;
  readonly port: number;
  readonly address: string;
  readonly protocol: 'tcp' | 'udp';
  /** The line of descent of the process when it asked; 0 when it is not known. */
  readonly line: number;
  /** Of an exec: the content that is to run, lower-case hexadecimal. */
  readonly sha256?: string;
}

export interface WireConnected {
  readonly pid: number;
  /** As in WireEvent. */
  readonly line: number;
  readonly localPort: number;
  readonly port: number;
  readonly family: 4 | 6;
  readonly protocol: 'tcp' | 'udp';
  /** Address of the agent's socket; `0.0.0.0` or `::` when it has none yet. */
  readonly local: string;
  /** Nothing was dialled: a TCP socket was bound to the local port. */
  readonly isBound?: true;
}

/** What the agent sent over UDP. */
export interface WireDatagram {
  readonly agent: WireEnd;
  readonly peer: WireEnd;
  /** Line of descent of the program that announced last to send on the socket; 0 for none. */
  readonly line: number;
  /** Both ends as they stand in the record: what an answer begins with. */
  readonly ends: Buffer;
  readonly bytes: Buffer;
}

export interface WireEnd {
  readonly address: string;
  readonly port: number;
}

/** A further command is over. */
export interface WireCommandEnded {
  readonly id: number;
  /** As a shell reports it. */
  readonly status: number;
  /** errno when it was never executed, else 0. */
  readonly error: number;
}

export type WireRecord =
  | { readonly type: 'ready'; readonly pid: number; readonly landlockAbi: number }
  | { readonly type: 'process'; readonly process: WireProcess }
  | { readonly type: 'event'; readonly event: WireEvent }
  | { readonly type: 'query'; readonly event: WireEvent }
  | { readonly type: 'epoch'; readonly epoch: number }
  | { readonly type: 'exit'; readonly status: number }
  | { readonly type: 'fault'; readonly code: number; readonly error: number; readonly text: string }
  | { readonly type: 'connected'; readonly connected: WireConnected }
  | { readonly type: 'released'; readonly id: bigint }
  | { readonly type: 'datagram'; readonly datagram: WireDatagram }
  | { readonly type: 'commandEnded'; readonly ended: WireCommandEnded };
