// A connection in; whether TLS on it has to be opened out: it need not be where every request, whatever it says, is permitted.
import type { ConnectRequest } from '../schema/request.ts';
import { FALSE, type Node, TRUE } from './compile/bdd.ts';
import { SymbolicEvaluator } from './compile/symbolic.ts';
import { applicablePolicies } from './evaluate/applicable.ts';
import { Authorizer } from './evaluate/authorizer.ts';
import { contextOf } from './evaluate/context.ts';
import { isEmbeddable } from './evaluate/embeddable.ts';
import type { Policy } from './evaluate/policy.ts';
import type { SessionFacts } from './facts.ts';
import { HostCandidates } from './host-candidates.ts';
import { type KnownPeer, PeerDomain, Unknowns } from './peer-domain.ts';

/**
 * `inspect`: some rule has to see what is said. `splice`: none has. `passthrough`: none has, and a permit of the connection says that
 * nobody else should (`@passthrough`).
 */
export type Handling = 'inspect' | 'splice' | 'passthrough';

/** Where each of the policies is satisfied, for some request to a peer. */
export type Satisfied = (policy: Policy) => Node;

/**
 * Where every request is certain to be permitted: some plain permit applies, and no forbid. Of a shadow or an asking policy the worst is
 * assumed: what they would say has to be recorded, or asked.
 */
export function certainlyPermitted(policies: readonly Policy[], satisfied: Satisfied, { bdd }: Unknowns): Node {
  const any = (some: readonly Policy[]): Node => some.map(satisfied).reduce((a, b) => bdd.or(a, b), FALSE);
  const permits = policies.filter(({ effect, shadow, ask }) => effect === 'permit' && !shadow && ask === undefined);
  const forbids = policies.filter(({ effect }) => effect === 'forbid');
  return bdd.and(any(permits), bdd.not(any(forbids)));
}

/**
 * Whether a permit of HttpRewrite or SecretUse is about requests to the peer: it names a header, a value or a secret. One that permits
 * everything names nothing that could be done.
 */
export function isAimed(permit: Policy, satisfied: Satisfied): boolean {
  const node = permit.effect === 'permit' ? satisfied(permit) : FALSE;
  return node !== FALSE && node !== TRUE;
}

const EDITS = ['HttpRewrite', 'SecretUse'] as const;
/** The agent chooses hosts and programs, so what is remembered is bounded. */
const MAX_KNOWN = 1024;

export class Inspection {
  readonly #facts: SessionFacts;
  readonly #requests: HostCandidates;
  readonly #edits: readonly (readonly [(typeof EDITS)[number], readonly Policy[]])[];
  /** Of the policies with `@passthrough` alone: does one of them permit the connection? */
  readonly #passing: Authorizer;
  readonly #known = new Map<string, Handling>();

  /** All policies of the set. `facts` are canonical. */
  constructor(policies: readonly Policy[], facts: SessionFacts) {
    const passing = policies.filter(({ passthrough, shadow }) => passthrough && !shadow);
    this.#facts = facts;
    this.#requests = new HostCandidates(applicablePolicies(policies, 'HttpRequest', facts));
    this.#edits = EDITS.map((action) => [action, applicablePolicies(policies, action, facts)]);
    this.#passing = new Authorizer(
      passing.map(({ ask: _, ...policy }) => policy),
      facts,
    );
  }

  /** Of a connection that is permitted, and will carry TLS. When in doubt, `inspect`. */
  of(request: ConnectRequest): Handling {
    const { resource, port, program, ip } = request;
    const { exe, uid, ancestors = [], sha256, via } = program;
    const key = JSON.stringify([resource.name, port, ip, exe, uid, sha256, via, ancestors]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const handling = this.#needsContent(request)
      ? 'inspect'
      : this.#passing.decide(request).effect === 'allow'
        ? 'passthrough'
        : 'splice';
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(key, handling);
    return handling;
  }

  #needsContent(request: ConnectRequest): boolean {
    if (!isEmbeddable(request)) return true;
    const { resource, port } = request;
    const context = contextOf(request);
    const proc = context.kind === 'record' ? context.fields.get('proc') : undefined;
    const peer: KnownPeer = { host: resource.name, port, isTls: true, ...(proc !== undefined && { proc }) };
    const unknowns = new Unknowns();
    const evaluator = (action: 'HttpRequest' | (typeof EDITS)[number]): Satisfied => {
      const symbolic = new SymbolicEvaluator(new PeerDomain(peer, action, unknowns, this.#facts));
      return (policy) => symbolic.satisfied(policy);
    };
    const policies = this.#requests.of(resource.name, this.#facts.registries ?? {});
    if (certainlyPermitted(policies, evaluator('HttpRequest'), unknowns) !== TRUE) return true;
    return this.#edits.some(([action, edits]) => edits.some((edit) => isAimed(edit, evaluator(action))));
  }
}
