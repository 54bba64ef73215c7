// Policy text to a compiled set, the slow way: loads the Cedar library. Imported only when the cache has no answer.
import { LeashError } from '../host/errors.ts';
import { CedarTrap } from './check/cedar.ts';
import { type Checked, checkPolicies } from './check/check.ts';
import { TooComplex } from './compile/path-domain.ts';
import { compileTable } from './compile/table.ts';
import { readPolicy } from './evaluate/policy.ts';
import type { SessionFacts } from './facts.ts';
import type { Compiled } from './policy-set.ts';
import type { Source } from './text/diagnostic.ts';

function check(source: Source, schema: string, today: string): Checked {
  const result = checkPolicies(source, schema, today);
  if (result.ok) return result.checked;
  const count = result.faults === 1 ? 'one fault' : `${result.faults} faults`;
  throw new LeashError('LEASH_POLICY_INVALID', `${count} in policy ${source.name}`, { details: result.lines });
}

/** `facts` are canonical. Throws LeashError LEASH_POLICY_INVALID. */
export function compilePolicies(source: Source, schema: string, facts: SessionFacts, today: string): Compiled {
  try {
    const checked = check(source, schema, today);
    return { ...checked, image: compileTable(checked.policies.map(readPolicy), facts) };
  } catch (cause) {
    if (!(cause instanceof TooComplex || cause instanceof CedarTrap)) throw cause;
    throw new LeashError('LEASH_POLICY_INVALID', `policy ${source.name} is too complex: ${cause.message}`, { cause });
  }
}
