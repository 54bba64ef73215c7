// What one look at this machine found; the words of `leash doctor`.

/** `unknown`: could not be looked at, or only starting a session would tell. */
export type ProbeState = 'ok' | 'degraded' | 'missing' | 'unknown';

export interface Probe {
  /** Stable name for programs: `user-namespaces`. */
  readonly id: string;
  readonly name: string;
  readonly state: ProbeState;
  /** What was found, and what it costs when it is less than wanted. */
  readonly detail: string;
  /** A command, or one sentence when no command mends it. */
  readonly fix?: string;
  /** True when no session can start without it. */
  readonly required: boolean;
}
