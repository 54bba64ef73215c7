// What this machine has in; the engines and backends on which attacks are run, with the options that choose them, out.

export interface Ground {
  /** As `session.json` names them: a session that says otherwise is not judged. */
  readonly engine: string;
  readonly backend: string;
  /** Options of `leash` that choose it. */
  readonly options: readonly string[];
  /** What whoever calls `leash` has in the environment besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Languages in which it can run attacks; all when absent. */
  readonly languages?: readonly string[];
  /** Only the identity that runs the battery can use it. */
  readonly isOwn?: boolean;
  /** Why this machine does not have it. */
  readonly missing?: string;
}

/** A new engine or backend is a new line, and every attack is run on it. */
export const GROUNDS: readonly Ground[] = [{ engine: 'seccomp', backend: 'bubblewrap', options: [] }];
