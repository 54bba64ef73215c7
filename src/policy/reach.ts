// Whether some connection to a host could be allowed, whatever port, address and program it will have: decides if its name is resolved.
import { FALSE, type Node } from './compile/bdd.ts';
import { SymbolicEvaluator } from './compile/symbolic.ts';
import { applicablePolicies } from './evaluate/applicable.ts';
import { isPeerName } from './evaluate/host-entity.ts';
import type { Policy } from './evaluate/policy.ts';
import type { SessionFacts } from './facts.ts';
import { HostCandidates } from './host-candidates.ts';
import { type PeerAction, PeerDomain, Unknowns } from './peer-domain.ts';

function mayAllow(policies: readonly Policy[], host: string, action: PeerAction, facts: SessionFacts): boolean {
  const domain = new PeerDomain({ host }, action, new Unknowns(), facts);
  const evaluator = new SymbolicEvaluator(domain);
  const any = (effect: Policy['effect']): Node =>
    policies
      .filter((policy) => policy.effect === effect)
      .reduce((guard: Node, policy) => domain.bdd.or(guard, evaluator.satisfied(policy)), FALSE);
  return domain.bdd.and(any('permit'), domain.bdd.not(any('forbid'))) !== FALSE;
}

export class Reach {
  readonly #facts: SessionFacts;
  readonly #candidates: readonly (readonly [PeerAction, HostCandidates])[];

  /** `policies` are the lenient set: without shadow policies and without forbids that ask. `facts` are canonical. */
  constructor(policies: readonly Policy[], facts: SessionFacts) {
    this.#facts = facts;
    this.#candidates = (['NetConnect', 'HttpRequest'] as const).map((action) => [
      action,
      new HostCandidates(applicablePolicies(policies, action, facts)),
    ]);
  }

  /** Could some `NetConnect` or `HttpRequest` to this host be allowed? Never false when one could; may be true when none is. */
  includes(host: string): boolean {
    if (!isPeerName(host)) return false;
    const { registries = {} } = this.#facts;
    return this.#candidates.some(([action, candidates]) =>
      mayAllow(candidates.of(host, registries), host, action, this.#facts),
    );
  }
}
