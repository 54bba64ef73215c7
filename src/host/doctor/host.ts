// The machine that probes look at, and the text of its files.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The machine a probe looks at: this one, except in tests. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `/proc`, `/sys` and `/etc` are below: `/`. */
  readonly root: string;
  /** Absolute real path: no program there is run, nor one that a link leads to there. */
  readonly workspace?: string;
}

export const THIS_HOST: Host = { env: process.env, root: '/' };

/** Text of a file below the host's root, or undefined when it cannot be read. */
export function readHostFile(host: Host, file: string): string | undefined {
  try {
    return readFileSync(path.join(host.root, file), 'utf8');
  } catch {
    return undefined;
  }
}
