// What one thing beside a sandbox is to the runner: how the attack learns of it, how leash is started with it, what happened to it.

export interface Standing {
  /** How the attack learns where it is. */
  readonly env: Readonly<Record<string, string>>;
  /** The same where there is no sandbox, if that differs. */
  readonly outsideEnv?: Readonly<Record<string, string>>;
  /** In the environment of `leash` itself, of which the agent gets what the rules pass on. */
  readonly hostEnv?: Readonly<Record<string, string>>;
  /** Options of `leash` that lead to it. */
  readonly options?: readonly string[];
  /** Words before the command line, of a program that becomes it. */
  readonly prefix?: readonly string[];
  /** Files that are its own, not left behind by a session. */
  readonly files?: readonly string[];
  /** Sentences, empty when nothing happened to it. */
  readonly facts: (output: Buffer) => string[];
  readonly end: () => Promise<void>;
}
