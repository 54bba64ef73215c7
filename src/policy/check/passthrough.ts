// The policies of a text in; each `@passthrough` that would hide what another rule has to see out, and each that is on the wrong statement.
import { FALSE, type Node } from '../compile/bdd.ts';
import { SymbolicEvaluator } from '../compile/symbolic.ts';
import { actionGroups } from '../evaluate/actions.ts';
import type { Expression } from '../evaluate/expression.ts';
import { parseHostId } from '../evaluate/host-entity.ts';
import type { Policy } from '../evaluate/policy.ts';
import { entityKey } from '../evaluate/value.ts';
import { certainlyPermitted, isAimed, type Satisfied } from '../inspection.ts';
import { type KnownPeer, type PeerAction, PeerDomain, Unknowns } from '../peer-domain.ts';

export interface PassthroughFault {
  readonly policy: Policy;
  readonly message: string;
  readonly hint: string;
}

/** Entities on the right of `==` or `in`. */
function named(scope: Expression): readonly string[] | undefined {
  if (scope.op !== 'equal' && scope.op !== 'in') return undefined;
  const literals = scope.right.op === 'set' ? scope.right.elements : [scope.right];
  return literals.flatMap((each) =>
    each.op === 'literal' && each.value.kind === 'entity' ? entityKey(each.value.type, each.value.id) : [],
  );
}

const CONNECTING: ReadonlySet<string> = new Set([entityKey('Action', 'NetConnect'), ...actionGroups('NetConnect')]);

/** The host or group that the scope of a permit of connections names. */
function peerOf({ effect, scope }: Policy): KnownPeer | undefined {
  const actions = named(scope.action);
  const hosts = named(scope.resource);
  const [type = '', id = ''] = hosts?.[0]?.split('\0') ?? [];
  if (effect !== 'permit' || actions?.some((key) => CONNECTING.has(key)) !== true) return undefined;
  if (hosts?.length !== 1 || type !== 'Host') return undefined;
  const pattern = parseHostId(id);
  return pattern && { host: pattern.name, isTls: true, ...(pattern.port !== undefined && { port: pattern.port }) };
}

const MISPLACED = {
  message: '@passthrough belongs on a permit that names the host of a connection',
  hint: 'write `@passthrough permit(principal, action in Action::"NetworkConnect", resource in Host::"api.example:443");`',
};

/** What the rules of one text say of the connections that one permit allows. */
class Passage {
  readonly #unknowns = new Unknowns();
  readonly #policies: readonly Policy[];
  readonly #peer: KnownPeer;
  readonly #allowed: Node;

  constructor(permit: Policy, peer: KnownPeer, policies: readonly Policy[]) {
    this.#peer = peer;
    this.#policies = policies;
    this.#allowed = this.#in('NetConnect')(permit);
  }

  /** Where a policy is satisfied, of requests on those connections. */
  #in(action: PeerAction): Satisfied {
    const symbolic = new SymbolicEvaluator(new PeerDomain(this.#peer, action, this.#unknowns));
    return (policy) => symbolic.satisfied(policy);
  }

  /** Permits that do something to requests. */
  editors(): readonly Policy[] {
    return (['HttpRewrite', 'SecretUse'] as const).flatMap((action) => {
      const satisfied = this.#in(action);
      return this.#policies.filter((policy) => isAimed(policy, satisfied));
    });
  }

  forbids(): readonly Policy[] {
    const satisfied = this.#in('HttpRequest');
    const { bdd } = this.#unknowns;
    return this.#policies.filter(
      (policy) => policy.effect === 'forbid' && bdd.and(this.#allowed, satisfied(policy)) !== FALSE,
    );
  }

  isCertain(): boolean {
    const { bdd } = this.#unknowns;
    const certain = certainlyPermitted(this.#policies, this.#in('HttpRequest'), this.#unknowns);
    return bdd.and(this.#allowed, bdd.not(certain)) === FALSE;
  }
}

function faultsOf(permit: Policy, policies: readonly Policy[]): readonly PassthroughFault[] {
  const peer = peerOf(permit);
  if (peer === undefined) return [{ policy: permit, ...MISPLACED }];
  const passage = new Passage(permit, peer, policies);
  const hint = 'make an exception of the host in that policy, or remove @passthrough';
  const conflicts = [
    ...passage.forbids().map(({ id }) => `the forbid ${JSON.stringify(id)} is about requests`),
    ...passage.editors().map(({ id }) => `${JSON.stringify(id)} changes requests`),
  ].map((what) => ({
    policy: permit,
    message: `@passthrough would hide from Leash what ${what} to ${peer.host}`,
    hint,
  }));
  if (conflicts.length > 0 || passage.isCertain()) return conflicts;
  return [
    {
      policy: permit,
      message: `@passthrough would hide requests to ${peer.host}, and not every one of them is permitted`,
      hint: 'write `action in Action::"NetworkConnect"`, or permit every HttpRequest to the host in another policy',
    },
  ];
}

/** `policies` are all of a text that are in force. Whoever the agent is, nothing more is known of the principal here. */
export function passthroughFaults(policies: readonly Policy[]): readonly PassthroughFault[] {
  return policies.filter(({ passthrough }) => passthrough).flatMap((permit) => faultsOf(permit, policies));
}
