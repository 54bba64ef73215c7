// A compiled policy set: requests in, verdicts out; the table image for the warden; the same for every layer.
import type { ConnectRequest, McpRequest, Request } from '../schema/request.ts';
import type { Verdict } from '../schema/verdict.ts';
import { Attention, type Looks } from './attention.ts';
import { applicablePolicies } from './evaluate/applicable.ts';
import { Authorizer, type Finding } from './evaluate/authorizer.ts';
import { type Policy, type PolicyRecord, readPolicy } from './evaluate/policy.ts';
import type { SessionFacts } from './facts.ts';
import { type Handling, Inspection } from './inspection.ts';
import { type McpAttention, mcpAttention } from './mcp-attention.ts';
import { McpReach } from './mcp-reach.ts';
import { Reach } from './reach.ts';
import { type Rewrite, rewritesOf } from './rewrites.ts';

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
  /** The same, and whether it depends on what the request says beside its action and resource. */
  find(request: Request): Finding;
  /** What the policy of this id says, in a form that changes when its meaning may. Undefined when there is none. */
  textOf(id: string): string | undefined;
  /** Headers that permits of `HttpRewrite` name, in the order of the text; each is set when `decide` allows it. Always the same array. */
  rewrites(): readonly Rewrite[];
  /** Could some connection to this host, on any port, be allowed, perhaps by a person's word? Never false when one could. */
  mayConnect(host: string): boolean;
  /** What policies look at in the HTTP requests to this host. Never less than a decision on one of them depends on. */
  looks(host: string): Looks;
  /** Whether calls to MCP servers are judged, and their arguments looked at. Never less than what holds. */
  mcp(): McpAttention;
  /** Could some call like this one, with whatever arguments, be permitted, perhaps by a person's word? Never false when one could. */
  mayCall(request: McpRequest): boolean;
  /** Whether some policy says `@passthrough`; else no `handlingOf` is that. */
  readonly hasPassthrough: boolean;
  /** What TLS on this connection, which is permitted, must be. Never less than `inspect` where a request could be denied or asked about. */
  handlingOf(request: ConnectRequest): Handling;
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

/** Made when it is first asked for: the warden answers most requests, and start-up need not wait for the rest. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** `facts` are canonical. */
export function openPolicySet(id: string, compiled: Compiled, facts: SessionFacts): PolicySet {
  const policies = once(() => compiled.policies.map(readPolicy));
  const authorizer = once(() => new Authorizer(policies(), facts));
  const attention = once(() => new Attention(policies(), facts));
  const mcp = once(() => mcpAttention(policies(), facts));
  const mcpReach = once(() => new McpReach(policies(), facts));
  const inspection = once(() => new Inspection(policies(), facts));
  const reach = once(() => {
    // Without shadow policies, and without forbids that a person could lift.
    const lenient = ({ shadow, ask, effect }: Policy): boolean => !shadow && (ask === undefined || effect === 'permit');
    return new Reach(policies().filter(lenient), facts);
  });
  const rewrites = once(() => {
    const enforced = policies().filter(({ shadow }) => !shadow);
    return applicablePolicies(enforced, 'HttpRewrite', facts).flatMap(rewritesOf);
  });
  const reachable = new Map<string, boolean>();
  return {
    id,
    image: compiled.image,
    readsContent: compiled.readsContent,
    policies: compiled.policies.map((policy) => policy.id),
    notes: compiled.notes,
    textOf(id) {
      const policy = compiled.policies.find((record) => record.id === id);
      return policy && JSON.stringify(policy);
    },
    decide: (request) => authorizer().decide(request),
    find: (request) => authorizer().find(request),
    rewrites,
    looks: (host) => attention().to(host),
    mcp,
    mayCall: (request) => mcpReach().includes(request),
    mayConnect(host) {
      const known = reachable.get(host);
      if (known !== undefined) return known;
      const answer = reach().includes(host);
      if (reachable.size >= MAX_HOSTS) reachable.clear();
      reachable.set(host, answer);
      return answer;
    },
    hasPassthrough: compiled.policies.some(({ passthrough, shadow }) => passthrough === true && !shadow),
    handlingOf: (request) => inspection().of(request),
  };
}
