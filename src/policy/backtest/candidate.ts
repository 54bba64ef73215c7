// The policy set of a candidate and the requests of one recorded event in; the outcome that a session would have given them out.
import { type Action, FILE_ACTIONS, type Request } from '../../schema/request.ts';
import { OUTCOMES, type Outcome, outcomeOf } from '../compare/outcome.ts';
import type { PolicySet } from '../policy-set.ts';
import { speaksOf } from '../speaks-of.ts';

export interface Judged {
  readonly outcome: Outcome;
  /** Ids of the policies that determine it; none for a default deny. */
  readonly policies: readonly string[];
  readonly reason?: string;
}

/** What the journal does not keep of each action's requests; names as policies write them. */
const UNSEEN: Readonly<Partial<Record<Action, readonly string[]>>> = {
  HttpRequest: ['headers', 'query', 'ancestors', 'sha256'],
  NetConnect: ['ancestors', 'sha256'],
  ProcessExec: ['ancestors'],
  McpCall: ['args'],
  ...Object.fromEntries(FILE_ACTIONS.map((action) => [action, ['ancestors', 'sha256']])),
};

/** Agents ask about the same files again and again; so many verdicts are remembered. */
const REMEMBERED = 50_000;

const DENIED: Judged = { outcome: 'deny', policies: [] };

export class Candidate {
  readonly #set: PolicySet;
  readonly #textOf: (id: string) => string | undefined;
  /** By program and action, the verdicts on paths. */
  readonly #known = new Map<string, Map<Action, Map<string, Judged>>>();
  #remembered = 0;
  readonly #unseen = new Map<Action, readonly string[]>();

  constructor(set: PolicySet) {
    this.#set = set;
    this.#textOf = (id) => set.textOf(id);
  }

  /** The strictest outcome of all that one operation needs; `requests` are not empty. */
  judge(requests: readonly Request[]): Judged {
    let worst: Judged | undefined;
    for (const request of requests) {
      const judged = this.#judgeOne(request);
      if (worst === undefined || OUTCOMES.indexOf(judged.outcome) < OUTCOMES.indexOf(worst.outcome)) worst = judged;
    }
    return worst ?? DENIED;
  }

  /** Parts of a request that the journal does not keep and some policy of the set speaks of. */
  unseenBy(action: Action): readonly string[] {
    const known = this.#unseen.get(action);
    if (known !== undefined) return known;
    // What Leash adds speaks of ancestors in a statement that never applies: src/session/session-policy.ts.
    const own = this.#set.policies.filter((id) => !id.startsWith('leash:'));
    const spoken = (UNSEEN[action] ?? []).filter((name) => speaksOf(own, name, this.#textOf));
    this.#unseen.set(action, spoken);
    return spoken;
  }

  #judgeOne(request: Request): Judged {
    if (request.resource.type !== 'path' || request.action === 'ProcessExec' || !('program' in request))
      return this.#decide(request);
    const { exe, via = '' } = request.program;
    const program = `${exe}\0${via}`;
    const byAction = this.#known.get(program) ?? new Map<Action, Map<string, Judged>>();
    const known = byAction.get(request.action) ?? new Map<string, Judged>();
    const { path } = request.resource;
    const before = known.get(path);
    if (before !== undefined) return before;
    if (++this.#remembered > REMEMBERED) {
      this.#known.clear();
      this.#remembered = 0;
    }
    const judged = this.#decide(request);
    known.set(path, judged);
    byAction.set(request.action, known);
    this.#known.set(program, byAction);
    return judged;
  }

  /** With the rules that a session adds to what the policies say: on datagrams, on names nothing could connect to, on when calls are judged. */
  #decide(request: Request): Judged {
    // Nobody would have asked.
    if (request.action === 'McpCall' && this.#set.mcp().calls !== 'enforced') return { outcome: 'allow', policies: [] };
    const verdict = this.#set.decide(request);
    const { policies, reason } = verdict;
    const outcome = outcomeOf(verdict);
    const refused = (why: string): Judged => ({ outcome: 'deny', policies: [], reason: why });
    if (outcome === 'deny') return { outcome, policies, ...(reason !== undefined && { reason }) };
    const speaks = (attribute: string): boolean => speaksOf(policies, attribute, this.#textOf);
    if (request.action === 'NetConnect' && request.protocol === 'udp' && !speaks('protocol'))
      return refused('datagrams are relayed where a permit speaks of context.protocol');
    if (request.action === 'DnsResolve' && !speaks('qtype') && !this.#set.mayConnect(request.resource.name))
      return refused('no policy permits a connection to this name');
    return { outcome, policies, ...(reason !== undefined && { reason }) };
  }
}
