// What a backend needs to know to build a sandbox, and what it gives back.
import type { ReviewedVolume, Volume } from './volume.ts';

export interface SandboxRequest {
  /** Absolute real path; mounted read-write at the same place. */
  readonly workspace: string;
  /** Further places of the host's; none lies in one that is under review. */
  readonly volumes?: readonly Volume[];
  /** What is under review: volumes, or the workspace, which then stands here too. */
  readonly reviewed?: readonly ReviewedVolume[];
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
  /** Files of the agent's own in the private home, by their place: it may change them, and they are gone with the sandbox. */
  readonly copies?: Readonly<Record<string, string>>;
  /** A file of the host that tells the agent what was denied to it. */
  readonly denials?: string;
  /** The session's certificate authority: PEM, and its name in a folder of certificates that OpenSSL looks in. */
  readonly ca: { readonly certificatePem: string; readonly fileName: string };
  /** PEM certificates that the agent's programs trust besides the system's and the session's. */
  readonly roots: readonly string[];
  /** Real paths of the host's files that named them. */
  readonly rootFiles: readonly string[];
  /** Path of leash-entry on the host. */
  readonly entryProgram: string;
  /** Host folders to show read-only although they lie in the home directory (installed agents). */
  readonly shown: readonly string[];
  /** Most processes and threads of the user in the sandbox, where no control group counts them. */
  readonly processes?: number;
  /** Most bytes in each private folder; half of the machine's memory when absent. */
  readonly folderBytes?: number;
  /** Host folders that must not be visible: Leash's own state, configuration and cache. */
  readonly hidden: readonly string[];
}

/** Where the entry process of a container comes to the warden, because an engine hands no descriptors on. */
export interface Door {
  /** Path of the socket that the warden makes. */
  readonly path: string;
  /** The only program that may come in. */
  readonly program: string;
  /** The engine gives the agent a terminal; else it has the streams of `leash`. */
  readonly hasTerminal: boolean;
}

export interface SandboxPlan {
  /** Command line to start; `--socket 3` and data descriptors from `firstDescriptor` on are inherited. */
  readonly command: readonly string[];
  /** The command's environment; the agent's, too, where that inherits it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Rejects when there is nothing after all that the agent could run in. */
  readonly agentEnv: Promise<Readonly<Record<string, string>>>;
  /** With it the first data is the agent's environment. */
  readonly door?: Door;
  /** Called once, when the sandbox is gone. `hasFailed`: it did not end by itself, and may be there half built. */
  readonly remove?: (hasFailed: boolean) => Promise<void>;
  /** Bytes for descriptors firstDescriptor, firstDescriptor + 1, … */
  readonly data: readonly (Uint8Array | Promise<Uint8Array>)[];
}
