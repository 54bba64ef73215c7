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
  /** Of the content of `exe`, lower-case hexadecimal; absent when it is not known. */
  readonly sha256?: string;
}

/** An event, or a query when `id` is not 0n. */
export interface WireEvent {
  readonly time: number;
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
  /** UDP: the socket asks a resolver. */
  readonly protocol: 'tcp' | 'udp';
}

export type WireRecord =
  | { readonly type: 'ready'; readonly pid: number; readonly landlockAbi: number }
  | { readonly type: 'process'; readonly process: WireProcess }
  | { readonly type: 'event'; readonly event: WireEvent }
  | { readonly type: 'query'; readonly event: WireEvent }
  | { readonly type: 'epoch'; readonly epoch: number }
  | { readonly type: 'exit'; readonly status: number }
  | { readonly type: 'fault'; readonly code: number; readonly error: number; readonly text: string }
  | { readonly type: 'connected'; readonly connected: WireConnected };
