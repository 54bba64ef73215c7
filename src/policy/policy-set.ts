// A compiled policy set: requests in, verdicts out; the table image for the warden; the same for every layer.
import type { Request } from '../schema/request.ts';
import type { Verdict } from '../schema/verdict.ts';
import { Authorizer } from './evaluate/authorizer.ts';
import { type PolicyRecord, readPolicy } from './evaluate/policy.ts';
import type { SessionFacts } from './facts.ts';
import { Reach } from './reach.ts';

export interface PolicySet {
  /** SHA-256 (hex) of everything that determines the decisions, except the session id. */
  readonly id: string;
  /** Table image of native/include/table.h. */
  readonly image: Uint8Array;
  /** Does some policy, a shadow one too, ask for the content of programs (`sha256`)? Never false when one does. */
  readonly readsContent: boolean;
  /** Ids of the policies, in source order. */
  readonly policies: readonly string[];
  /** Lines for a person: rewrites, expired policies, suspicious spellings. */
  readonly notes: readonly string[];
  decide(request: Request): Verdict;
  /** Could some connection to this host, on any port, be allowed, perhaps by a person's word? Never false when one could. */
  mayConnect(host: string): boolean;
}

/** A text that passed every check. Holds for every session until `staleFrom`. */
export interface Checked {
  readonly policies: readonly PolicyRecord[];
  readonly notes: readonly string[];
  /** First day (`YYYY-MM-DD`, UTC) on which this is no longer true, because a policy has expired. */
  readonly staleFrom?: string;
}

/** The same with the table for one set of facts. */
export interface Compiled extends Checked {
  readonly image: Uint8Array;
  readonly readsContent: boolean;
}

/** The agent chooses the names it looks up, so what is remembered about them is bounded. */
const MAX_HOSTS = 1024;

/** What evaluates policies here, and not in the warden's table. */
interface Evaluators {
  readonly authorizer: Authorizer;
  readonly reach: Reach;
}

function buildEvaluators(compiled: Compiled, facts: SessionFacts): Evaluators {
  const policies = compiled.policies.map(readPolicy);
  // Without shadow policies, and without forbids that a person could lift.
  const lenient = policies.filter(({ shadow, ask, effect }) => !shadow && (ask === undefined || effect === 'permit'));
  return { authorizer: new Authorizer(policies, facts), reach: new Reach(lenient, facts) };
}

/** `facts` are canonical. */
export function openPolicySet(id: string, compiled: Compiled, facts: SessionFacts): PolicySet {
  let built: Evaluators | undefined;
  // The warden answers most requests, and start-up need not wait for the rest.
  const evaluators = (): Evaluators => {
    built ??= buildEvaluators(compiled, facts);
    return built;
  };
  const reachable = new Map<string, boolean>();
  return {
    id,
    image: compiled.image,
    readsContent: compiled.readsContent,
    policies: compiled.policies.map((policy) => policy.id),
    notes: compiled.notes,
    decide: (request) => evaluators().authorizer.decide(request),
    mayConnect(host) {
      const known = reachable.get(host);
      if (known !== undefined) return known;
      const answer = evaluators().reach.includes(host);
      if (reachable.size >= MAX_HOSTS) reachable.clear();
      reachable.set(host, answer);
      return answer;
    },
  };
}
