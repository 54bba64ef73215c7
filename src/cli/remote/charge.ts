// What a person's `leash` hands to its manager beside a container: one line of JSON on standard input, and nothing of it anywhere else.

import type { EngineName } from '../../sandbox/container/engine.ts';
import type { Image } from '../../sandbox/container/image.ts';
import type { Beside, SessionOptions } from '../../session/options.ts';

/** Options of a session that are data, as they are. */
type Plain = Pick<
  SessionOptions,
  | 'command'
  | 'agent'
  | 'plainSecrets'
  | 'workspace'
  | 'volumes'
  | 'profiles'
  | 'policyFile'
  | 'repository'
  | 'mode'
  | 'tls'
  | 'env'
  | 'extraEnv'
  | 'ca'
  | 'recordsBodies'
  | 'limits'
  | 'isOffline'
  | 'isVerbose'
>;

export interface Charge {
  /** Of the `leash` that wrote it; the manager's must be the same. */
  readonly version: string;
  readonly options: Plain;
  readonly resolve: readonly (readonly [string, { readonly address: string; readonly port?: number }])[];
  readonly container: {
    readonly engine: { readonly name: EngineName; readonly uid: number; readonly gid: number };
    readonly image: Image;
    readonly hasTerminal: boolean;
  };
  readonly beside: Beside;
  /** Text of the user's config.toml. */
  readonly config?: string;
  /** Text of `options.policyFile`. */
  readonly policy?: string;
  /** Contents of files in the user's home, by their paths. */
  readonly files: Readonly<Record<string, string>>;
  /** Milliseconds that a question waits; 0: none is asked. */
  readonly askTimeout: number;
  readonly quiet: boolean;
  /** Of the user's control API, which no agent may reach. */
  readonly controlPort?: number;
}

export function encodeCharge(charge: Charge): string {
  return `${JSON.stringify(charge)}\n`;
}
