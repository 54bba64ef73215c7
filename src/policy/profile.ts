// The policy that applies when a person gives none: read from the package.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from '../host/paths.ts';
import type { Source } from './text/diagnostic.ts';

/** The profile in force when a person gives no policy: `Profile::"coder"`. */
export const DEFAULT_PROFILE = 'coder';

/** The built-in profile. Its name has no directory, so that messages and ids are the same on every machine. */
export function defaultProfile(): Source {
  const name = `${DEFAULT_PROFILE}.cedar`;
  return { name, text: readFileSync(path.join(PACKAGE_ROOT, 'policies', name), 'utf8') };
}
