// Whether some connection to a host could be allowed, whatever port, address and program it will have: decides if its name is resolved.
import type { Action } from '../schema/request.ts';
import { Bdd, FALSE, type Node, TRUE } from './compile/bdd.ts';
import { type Domain, SymbolicEvaluator, type Truth } from './compile/symbolic.ts';
import type { Term } from './compile/term.ts';
import { actionGroups } from './evaluate/actions.ts';
import { applicablePolicies } from './evaluate/applicable.ts';
import { hostAncestors, isPeerName, parseHostId, registryGroups } from './evaluate/host-entity.ts';
import { parseCanonicalAddress } from './evaluate/ip.ts';
import type { Policy } from './evaluate/policy.ts';
import { type Entity, entity, entityKey, text } from './evaluate/value.ts';
import { agentData } from './evaluate/world.ts';
import type { SessionFacts } from './facts.ts';
import { HostCandidates } from './host-candidates.ts';

const CONTEXT: Readonly<Partial<Record<Action, readonly string[]>>> = {
  NetConnect: ['port', 'protocol', 'ip', 'proc'],
  HttpRequest: ['port', 'protocol', 'method', 'path', 'scheme', 'headers'],
};

function nothingSymbolic(): never {
  throw new Error('the host is known, and everything else opaque');
}

/** One host, everything else about the connection unknown. */
class HostDomain implements Domain {
  readonly bdd: Bdd = new Bdd();
  readonly variables: Domain['variables'];
  readonly attributesOf: Domain['attributesOf'] = nothingSymbolic;
  readonly equals: Domain['equals'] = nothingSymbolic;
  readonly isInside: Domain['isInside'] = nothingSymbolic;
  readonly isType: Domain['isType'] = nothingSymbolic;
  readonly like: Domain['like'] = nothingSymbolic;
  readonly #host: string;
  readonly #facts: SessionFacts;
  readonly #action: Action;
  readonly #unknowns = new Map<string, Truth>();

  constructor(host: string, action: Action, facts: SessionFacts) {
    this.#host = host;
    this.#facts = facts;
    this.#action = action;
    const opaque = (CONTEXT[action] ?? []).map((name): [string, Term] => [
      name,
      { kind: 'opaque', name: `context.${name}` },
    ]);
    this.variables = {
      principal: entity('Agent', facts.agent),
      action: entity('Action', action),
      resource: entity('Host', host),
      context: { kind: 'record', fields: new Map<string, Term>([['hostname', text(host)], ...opaque]) },
    };
  }

  attributes({ type, id }: Entity): ReadonlyMap<string, Term> | undefined {
    if (type === 'Host' && id === this.#host) return new Map([['name', text(id)]]);
    return type === 'Agent' && id === this.#facts.agent ? agentData(this.#facts).attributes : undefined;
  }

  isIn(child: Entity, parent: Entity): Node {
    const key = entityKey(parent.type, parent.id);
    if (entityKey(child.type, child.id) === key) return TRUE;
    if (child.type === 'Host' && parent.type === 'Host') return this.#isInHost(parent.id, key);
    const ancestors = child.type === 'Action' ? actionGroups(this.#action) : agentData(this.#facts).ancestors;
    return ancestors.has(key) ? TRUE : FALSE;
  }

  /** Groups with a port or an address, and those of registries, hold or not, depending on the connection. */
  #isInHost(group: string, key: string): Node {
    const ancestors = hostAncestors(this.#host);
    if (ancestors.has(key)) return TRUE;
    // A registry is a host with its port.
    if (registryGroups(this.#facts.registries ?? {}, this.#host).includes(group))
      return this.unknown(`in ${group}`).yes;
    const pattern = parseHostId(group);
    if (pattern === undefined) return FALSE;
    const isAddress = parseCanonicalAddress(pattern.name) !== undefined;
    const isNamed = pattern.name === this.#host || ancestors.has(entityKey('Host', pattern.name));
    return isAddress || (isNamed && pattern.port !== undefined) ? this.unknown(`in ${group}`).yes : FALSE;
  }

  unknown(description: string): Truth {
    const known = this.#unknowns.get(description);
    if (known !== undefined) return known;
    const { bdd } = this;
    const [value, fails] = [bdd.literal(bdd.newVariable()), bdd.literal(bdd.newVariable())];
    const truth = { yes: bdd.and(value, bdd.not(fails)), no: bdd.and(bdd.not(value), bdd.not(fails)) };
    this.#unknowns.set(description, truth);
    return truth;
  }
}

function mayAllow(policies: readonly Policy[], host: string, action: Action, facts: SessionFacts): boolean {
  const domain = new HostDomain(host, action, facts);
  const evaluator = new SymbolicEvaluator(domain);
  const any = (effect: Policy['effect']): Node =>
    policies
      .filter((policy) => policy.effect === effect)
      .reduce((guard: Node, policy) => domain.bdd.or(guard, evaluator.satisfied(policy)), FALSE);
  return domain.bdd.and(any('permit'), domain.bdd.not(any('forbid'))) !== FALSE;
}

export class Reach {
  readonly #facts: SessionFacts;
  readonly #candidates: readonly (readonly [Action, HostCandidates])[];

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
