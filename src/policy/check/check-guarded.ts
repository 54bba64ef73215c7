// A policy text with the statements of Leash beside it in, the checked union out; quick when most statements were seen before.
import { LeashError } from '../../host/errors.ts';
import type { GuardedSource } from '../load.ts';
import type { Checked } from '../policy-set.ts';
import { checkSource } from './check-source.ts';
import { StatementChecker } from './statement-check.ts';

function join(own: Checked, guard: Checked, name: string): Checked {
  const taken = own.policies.find((policy) => guard.policies.some(({ id }) => id === policy.id));
  if (taken) throw new LeashError('LEASH_POLICY_INVALID', `policy ${name}: the id ${taken.id} belongs to Leash`);
  return { ...own, policies: [...own.policies, ...guard.policies] };
}

export class GuardedChecker {
  readonly #schema: string;
  readonly #own: StatementChecker;
  readonly #guard: StatementChecker;

  constructor(schema: string) {
    this.#schema = schema;
    this.#own = new StatementChecker(schema);
    this.#guard = new StatementChecker(schema);
  }

  /** `today` is a day in UTC, `YYYY-MM-DD`. Throws LeashError LEASH_POLICY_INVALID. */
  check(source: GuardedSource, today: string): Checked {
    const own = checkSource(source, this.#schema, today, this.#own);
    if (source.guard === undefined || source.guard === '') return own;
    return join(own, checkSource({ name: 'leash', text: source.guard }, this.#schema, today, this.#guard), source.name);
  }
}
