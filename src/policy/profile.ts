// The policy that applies when a person gives none: read from the package.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from '../host/paths.ts';
import type { Source } from './text/diagnostic.ts';

/** The built-in profile `coder`. Its name has no directory, so that messages and ids are the same on every machine. */
export function defaultProfile(): Source {
  return { name: 'coder.cedar', text: readFileSync(path.join(PACKAGE_ROOT, 'policies/coder.cedar'), 'utf8') };
}
