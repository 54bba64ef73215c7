// Policy and journal enter, the name service that the DNS answers consult leaves: each question is judged and recorded once.
import { isLocalhost } from '../names/canonical-host.ts';
import {
  type Ask,
  type Decide,
  type Decision,
  isQuestion,
  isRefusal,
  ownRefusal,
  type ProxyOptions,
} from '../options.ts';
import { now } from '../record.ts';
import type { NameService, Question } from './answer.ts';
import { resolvedName } from './record.ts';
import { isLookedUp, RecordLookup } from './records.ts';

type Policy = Pick<ProxyOptions, 'names' | 'mayConnect' | 'emit' | 'namesType'> & {
  readonly decide: Decide;
  readonly ask?: Ask;
  /** Addresses of resolvers, in place of those of the host. */
  readonly servers?: readonly string[];
};

/** Milliseconds after which resolvers inside have given up. */
const PATIENCE = 30_000;
/** Questions that wait for a person: each holds its query. */
const WAITING_MAX = 256;

class Judge {
  readonly #policy: Policy;
  #waiting = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  judge(question: Question, host: string | undefined): Decision | Promise<Decision> {
    const { decide, ask } = this.#policy;
    const resource = { type: 'host', name: question.name } as const;
    const request = { action: 'DnsResolve', resource, qtype: question.qtype } as const;
    const decision = decide(request);
    const { epoch } = decision;
    if (host === undefined) return ownRefusal('not a host name', epoch);
    // RFC 6761, section 6.3: always loopback, which inside the sandbox is the sandbox's own.
    if (isLocalhost(host)) return { effect: 'allow', enforced: true, policies: [], epoch };
    const isUseful = this.#isUseful(question, host, decision);
    // Whoever is asked about a name is not asked in vain.
    if (isQuestion(decision) && ask && isUseful) {
      if (this.#waiting >= WAITING_MAX) return ownRefusal('too many questions wait for an answer', epoch);
      this.#waiting += 1;
      return ask(request, { signal: AbortSignal.timeout(PATIENCE) }).finally(() => {
        this.#waiting -= 1;
      });
    }
    if (isRefusal(decision) || isUseful) return decision;
    return ownRefusal('no policy permits a connection to this name', epoch);
  }

  /** Some connection could follow, or the policy says that records of this type may be looked up. */
  #isUseful({ qtype }: Question, host: string, decision: Decision): boolean {
    const { mayConnect } = this.#policy;
    return mayConnect(host) || (isLookedUp(qtype) && this.namesType(decision));
  }

  /** A permit for all that a name has does not mean questions that leave this machine, whose labels the agent chooses. */
  namesType(decision: Decision): boolean {
    return this.#policy.namesType?.(decision) ?? false;
  }
}

export function createNameService(policy: Policy): NameService {
  const judge = new Judge(policy);
  const lookup = new RecordLookup(policy.servers);
  return {
    names: policy.names,
    judge: (question, host) => judge.judge(question, host),
    lookUp: (host, type, decision) =>
      isLocalhost(host) || !judge.namesType(decision) ? undefined : lookup.find(host, type),
    answered: (question, outcome, decision, asker) =>
      policy.emit(resolvedName(now(), question, outcome, decision, asker)),
  };
}
