// The exact evaluator: policies and a request in, a verdict with its determining policies out, as Cedar's authorizer gives it.
import type { Action, Request } from '../../schema/request.ts';
import type { Effect, Verdict } from '../../schema/verdict.ts';
import { isCanonicalPath, type SessionFacts } from '../facts.ts';
import { actionGroups, ENFORCED_ACTIONS } from './actions.ts';
import { type Closure, compileExpression, type World } from './closure.ts';
import { isPeerName } from './host-entity.ts';
import { parseIp } from './ip.ts';
import type { Policy } from './policy.ts';
import { entity } from './value.ts';
import { worldOf } from './world.ts';

type Outcome = 'satisfied' | 'not satisfied' | 'error';

interface Rule {
  readonly policy: Policy;
  evaluate(world: World): Outcome;
}

function compileRule(policy: Policy): Rule {
  const scope = [policy.scope.principal, policy.scope.resource].map(compileExpression);
  const conditions = policy.conditions.map(({ wants, body }): readonly [boolean, Closure] => [
    wants,
    compileExpression(body),
  ]);
  return {
    policy,
    evaluate(world) {
      for (const test of scope) {
        const value = test(world);
        if (value?.kind !== 'bool' || !value.value) return 'not satisfied';
      }
      for (const [wants, test] of conditions) {
        const value = test(world);
        if (value?.kind !== 'bool') return 'error';
        if (value.value !== wants) return 'not satisfied';
      }
      return 'satisfied';
    },
  };
}

/** The action scope depends on nothing but the action, so it is decided once. */
function appliesTo(policy: Policy, action: Action): boolean {
  const ancestors = actionGroups(action);
  const data = { attributes: new Map(), tags: new Map(), ancestors };
  const value = entity('Action', action);
  const world: World = { principal: value, action: value, resource: value, context: value, entity: () => data };
  const result = compileExpression(policy.scope.action)(world);
  return result?.kind === 'bool' && result.value;
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

const DENIED: Verdict = { effect: 'deny', policies: [] };

/** A request outside the schema is denied: a path that is not canonical, a directory to execute, an address or a host name that is none. */
function isEmbeddable(request: Request): boolean {
  if (request.action === 'NetConnect' && parseIp(request.ip) === undefined) return false;
  if (request.resource.type !== 'path') return isPeerName(request.resource.name);
  const { path } = request.resource;
  return isCanonicalPath(path) && !(request.action === 'ProcessExec' && path.endsWith('/'));
}

export class Authorizer {
  readonly #rules: ReadonlyMap<string, readonly Rule[]>;
  readonly #facts: SessionFacts;

  /** `facts` are canonical. */
  constructor(policies: readonly Policy[], facts: SessionFacts) {
    this.#facts = facts;
    const rules = policies.map(compileRule);
    this.#rules = new Map(
      ENFORCED_ACTIONS.map((action) => [action, rules.filter(({ policy }) => appliesTo(policy, action))]),
    );
  }

  decide(request: Request): Verdict {
    const rules = this.#rules.get(request.action);
    if (rules === undefined || !isEmbeddable(request)) return DENIED;
    const world = worldOf(request, this.#facts);
    const tally: Tally = { permits: [], forbids: [] };
    const errors: string[] = [];
    for (const { policy, evaluate } of rules) {
      const outcome = evaluate(world);
      if (outcome === 'error') errors.push(policy.id);
      else if (outcome === 'satisfied') (policy.effect === 'permit' ? tally.permits : tally.forbids).push(policy);
    }
    return verdict(tally, errors);
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
