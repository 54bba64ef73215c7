// The exact evaluator: policies and a request in, a verdict with its determining policies out, as Cedar's authorizer gives it.
import type { Action, Request } from '../../schema/request.ts';
import type { Effect, Verdict } from '../../schema/verdict.ts';
import type { SessionFacts } from '../facts.ts';
import { applicablePolicies } from './applicable.ts';
import { isEmbeddable } from './embeddable.ts';
import type { Policy } from './policy.ts';
import { compileRule, type Rule } from './rule.ts';
import { RuleIndex } from './rule-index.ts';
import { worldOf } from './world.ts';

/** What one action needs: its rules in the order of the text, and which of them a request concerns. */
interface Rulebook {
  readonly rules: readonly Rule[];
  readonly index: RuleIndex;
}

interface Tally {
  readonly permits: Policy[];
  readonly forbids: Policy[];
}

type Answer = 'allow' | 'deny' | 'ask';

function isPlain({ ask }: Policy): boolean {
  return ask === undefined;
}

/**
 * A set with `@ask` policies is two plain sets. The strict one has every forbid and no asking permit; the lenient one every permit and no
 * asking forbid. What the strict set allows the lenient one allows too, so where they differ a person decides.
 */
function outcomeOf({ permits, forbids }: Tally): Answer {
  if (forbids.length === 0 && permits.some(isPlain)) return 'allow';
  return permits.length > 0 && !forbids.some(isPlain) ? 'ask' : 'deny';
}

/** Cedar's reasons: of the strict set for an allow, of the lenient one for a deny; for an ask what keeps the strict set from allowing. */
function determiningOf({ permits, forbids }: Tally, outcome: Answer): readonly Policy[] {
  if (outcome === 'ask') return forbids.length > 0 ? forbids : permits;
  return (outcome === 'allow' ? permits : forbids).filter(isPlain);
}

function enforcedPart(tally: Tally): Tally {
  const enforced = (policy: Policy): boolean => !policy.shadow;
  return { permits: tally.permits.filter(enforced), forbids: tally.forbids.filter(enforced) };
}

/** A verdict, and whether it is one for all programs: no policy looked at the context, where the program stands. */
export interface Finding {
  readonly verdict: Verdict;
  readonly isForAll: boolean;
}

const DENIED: Finding = { verdict: { effect: 'deny', policies: [] }, isForAll: false };

export class Authorizer {
  readonly #policies: readonly Policy[];
  readonly #facts: SessionFacts;
  readonly #rulebooks = new Map<Action, Rulebook>();
  /** The same where two actions have the same policies, as most changes of a file do; by their ids. */
  readonly #shared = new Map<string, Rulebook>();

  /** `facts` are canonical. */
  constructor(policies: readonly Policy[], facts: SessionFacts) {
    this.#policies = policies;
    this.#facts = facts;
  }

  decide(request: Request): Verdict {
    return this.find(request).verdict;
  }

  find(request: Request): Finding {
    if (!isEmbeddable(request)) return DENIED;
    const { rules, index } = this.#rulebook(request.action);
    const world = worldOf(request, this.#facts);
    const tally: Tally = { permits: [], forbids: [] };
    const errors: string[] = [];
    for (const candidate of index.candidates(world)) {
      const { policy, evaluate } = rules[candidate] as Rule;
      const outcome = evaluate(world);
      if (outcome === 'error') errors.push(policy.id);
      else if (outcome === 'satisfied') (policy.effect === 'permit' ? tally.permits : tally.forbids).push(policy);
    }
    return { verdict: verdict(tally, errors), isForAll: !world.isContextRead };
  }

  /** Made when the first request comes: most sessions see few of the actions. */
  #rulebook(action: Action): Rulebook {
    const known = this.#rulebooks.get(action);
    if (known !== undefined) return known;
    const policies = applicablePolicies(this.#policies, action, this.#facts);
    const ids = JSON.stringify(policies.map(({ id }) => id));
    const rulebook = this.#shared.get(ids) ?? { rules: policies.map(compileRule), index: new RuleIndex(policies) };
    this.#shared.set(ids, rulebook);
    this.#rulebooks.set(action, rulebook);
    return rulebook;
  }
}

function reasonOf(determining: readonly Policy[], question: string | undefined): string | undefined {
  const given = determining.find((policy) => policy.reason !== undefined)?.reason;
  if (question === undefined) return given;
  return `a person must agree, and nobody was asked: ${given ?? question}`;
}

/** The two sets, with and without shadow policies, are each decided as Cedar decides a set; neither influences the other. */
function verdict(all: Tally, errors: readonly string[]): Verdict {
  const enforced = enforcedPart(all);
  const outcome = outcomeOf(enforced);
  const determining = determiningOf(enforced, outcome);
  const ask = outcome === 'ask' ? determining.find((policy) => policy.ask !== undefined)?.ask : undefined;
  const effect: Effect = outcome === 'allow' ? 'allow' : 'deny';
  const shadow: Effect = outcomeOf(all) === 'allow' ? 'allow' : 'deny';
  const reason = reasonOf(determining, ask);
  return {
    effect,
    policies: determining.map((policy) => policy.id),
    ...(reason === undefined ? {} : { reason }),
    ...(ask === undefined ? {} : { ask }),
    ...(shadow === effect ? {} : { shadow }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}
