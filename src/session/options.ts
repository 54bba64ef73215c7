// What a session is started with and what it ends with.
import os from 'node:os';
import path from 'node:path';
import type { LeashError } from '../host/errors.ts';
import type { Override } from '../proxy/options.ts';
import type { Mode } from '../schema/verdict.ts';

export interface SessionOptions {
  readonly command: readonly string[];
  /** Absolute real path of an existing directory. */
  readonly workspace: string;
  /** Profiles that rule, beside `policyFile`; without either, the default of the command. */
  readonly profiles?: readonly string[];
  /** A Cedar file. */
  readonly policyFile: string | undefined;
  readonly mode: Mode;
  /** The environment of leash itself. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Passed to the agent whatever the rules say. */
  readonly extraEnv: Readonly<Record<string, string>>;
  /** Where names really are, by `host` or `host:port`. */
  readonly resolve: ReadonlyMap<string, Override>;
  /** PEM roots trusted for upstream servers besides Node's. */
  readonly ca: readonly string[];
  /** Path of bwrap. */
  readonly bubblewrap: string;
  /** A line for the person at the terminal. */
  readonly say: (line: string) => void;
}

export interface SessionResult {
  readonly id: string;
  /** As a shell reports it. */
  readonly status: number;
  /** Set when the session did not end by the agent's own exit. */
  readonly failure?: LeashError;
  readonly allowed: number;
  readonly denied: number;
  readonly policy: string;
}

/** The id of `Agent::"claude"`: the base name of the command. */
export function agentOf(options: SessionOptions): string {
  return path.basename(options.command[0] ?? '');
}

/** The user's home directory. */
export function homeOf(options: SessionOptions): string {
  return options.env['HOME'] || os.homedir();
}
