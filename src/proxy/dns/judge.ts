// Policy and journal enter, the name service that the DNS answers consult leaves: each question is judged and recorded once.
import { isLocalhost } from '../names/canonical-host.ts';
import { type Decide, type Decision, isRefusal, ownRefusal, type ProxyOptions } from '../options.ts';
import { now } from '../record.ts';
import type { NameService, Question } from './answer.ts';
import { resolvedName } from './record.ts';

type Policy = Pick<ProxyOptions, 'names' | 'mayConnect' | 'emit'> & { readonly decide: Decide };

function judge(question: Question, host: string | undefined, { decide, mayConnect }: Policy): Decision {
  const resource = { type: 'host', name: question.name } as const;
  const decision = decide({ action: 'DnsResolve', resource, qtype: question.qtype });
  const { epoch } = decision;
  if (host === undefined) return ownRefusal('not a host name', epoch);
  // RFC 6761, section 6.3: always loopback, which inside the sandbox is the sandbox's own.
  if (isLocalhost(host)) return { effect: 'allow', enforced: true, policies: [], epoch };
  if (isRefusal(decision) || mayConnect(host)) return decision;
  return ownRefusal('no policy permits a connection to this name', epoch);
}

export function createNameService(policy: Policy): NameService {
  return {
    names: policy.names,
    judge: (question, host) => judge(question, host, policy),
    answered: (question, outcome, decision, asker) =>
      policy.emit(resolvedName(now(), question, outcome, decision, asker)),
  };
}
