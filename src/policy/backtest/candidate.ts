// The policy set of a candidate and the requests of one recorded event in; the outcome that a session would have given them out.
import { type Action, FILE_ACTIONS, type Request } from '../../schema/request.ts';
import type { Verdict } from '../../schema/verdict.ts';
import { OUTCOMES, type Outcome, outcomeOf } from '../compare/outcome.ts';
import type { PolicySet } from '../policy-set.ts';
import { speaksOf } from '../speaks-of.ts';
import { KnownPaths } from './known-paths.ts';

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

const DENIED: Judged = { outcome: 'deny', policies: [] };

export class Candidate {
  readonly #set: PolicySet;
  readonly #textOf: (id: string) => string | undefined;
  /** Verdicts on paths. */
  readonly #known = new KnownPaths<Judged>();
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
    const { program, action, resource } = request;
    const before = this.#known.get(program, action, resource.path);
    if (before !== undefined) return before;
    const { verdict, isForAll } = this.#set.find(request);
    const judged = judgedOf(verdict);
    this.#known.add(isForAll ? undefined : program, action, resource.path, judged);
    return judged;
  }

  /** With the rules that a session adds to what the policies say: on datagrams, on names nothing could connect to, on when calls are judged. */
  #decide(request: Request): Judged {
    // Nobody would have asked.
    if (request.action === 'McpCall' && this.#set.mcp().calls !== 'enforced') return { outcome: 'allow', policies: [] };
    const judged = judgedOf(this.#set.decide(request));
    if (judged.outcome === 'deny') return judged;
    const refused = (reason: string): Judged => ({ ...DENIED, reason });
    const speaks = (attribute: string): boolean => speaksOf(judged.policies, attribute, this.#textOf);
    if (request.action === 'NetConnect' && request.protocol === 'udp' && !speaks('protocol'))
      return refused('datagrams are relayed where a permit speaks of context.protocol');
    if (request.action === 'DnsResolve' && !speaks('qtype') && !this.#set.mayConnect(request.resource.name))
      return refused('no policy permits a connection to this name');
    return judged;
  }
}

function judgedOf(verdict: Verdict): Judged {
  const { policies, reason } = verdict;
  return { outcome: outcomeOf(verdict), policies, ...(reason !== undefined && { reason }) };
}
