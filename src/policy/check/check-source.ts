// Policy text to checked policies, or one LeashError that holds every fault. Loads the Cedar library: imported only when needed.
import { LeashError } from '../../host/errors.ts';
import type { Checked } from '../policy-set.ts';
import type { Source } from '../text/diagnostic.ts';
import { CedarTrap } from './cedar.ts';
import { type CheckResult, checkPolicies, type Scope } from './check.ts';

function check(source: Source, schema: string, today: string, scope: Scope): CheckResult {
  try {
    return checkPolicies(source, schema, today, scope);
  } catch (cause) {
    if (!(cause instanceof CedarTrap)) throw cause;
    throw new LeashError('LEASH_POLICY_INVALID', `policy ${source.name}: ${cause.message}`, { cause });
  }
}

/** `today` is a day in UTC, `YYYY-MM-DD`. Throws LeashError LEASH_POLICY_INVALID. */
export function checkSource(source: Source, schema: string, today: string, scope: Scope = 'language'): Checked {
  const result = check(source, schema, today, scope);
  if (result.ok) return result.checked;
  const count = result.faults === 1 ? 'one fault' : `${result.faults} faults`;
  throw new LeashError('LEASH_POLICY_INVALID', `${count} in policy ${source.name}`, { details: result.lines });
}
