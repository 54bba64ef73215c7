// What a backend needs to know to build a sandbox, and what it gives back.

export interface SandboxRequest {
  /** Absolute real path; mounted read-write at the same place. */
  readonly workspace: string;
  /** Absolute path of the user's home; private and empty inside. */
  readonly home: string;
  /** The agent's command and arguments. */
  readonly command: readonly string[];
  /** The environment of `leash` itself. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `-e NAME=VALUE`: passed on whatever the rules say. */
  readonly extraEnv: Readonly<Record<string, string>>;
  /** Read-only files by their place in the agent's view. */
  readonly files?: Readonly<Record<string, string>>;
  /** The session's certificate authority, PEM. */
  readonly caPem: string;
  /** Path of leash-entry on the host. */
  readonly entryProgram: string;
  /** Host folders to show read-only although they lie in the home directory (installed agents). */
  readonly shown: readonly string[];
  /** Host folders that must not be visible: Leash's own state, configuration and cache. */
  readonly hidden: readonly string[];
}

export interface SandboxPlan {
  /** Command line to start; `--socket 3` and data descriptors from `firstDescriptor` on are inherited. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Bytes for descriptors firstDescriptor, firstDescriptor + 1, … */
  readonly data: readonly Uint8Array[];
}
