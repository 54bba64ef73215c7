// The Cedar schema every policy is checked against: read from the package.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_ROOT } from '../host/paths.ts';

/** Text of `leash.cedarschema`. */
export function cedarSchema(): string {
  return readFileSync(path.join(PACKAGE_ROOT, 'src/schema/leash.cedarschema'), 'utf8');
}
