// A session's decision in; what its network asks beside verdicts out.
import type { Decision } from '../decision/decision.ts';
import type { ProxyOptions } from '../proxy/options.ts';
import { namesProtocol, namesType } from './datagrams.ts';

type Rules = Pick<ProxyOptions, 'mayConnect' | 'readsPath' | 'readsMethod' | 'namesTransport' | 'namesType'>;

/** @param observes the session's mode stops nothing; then a name must lead somewhere, so that what is done with it is seen, and nothing is refused for being ambiguous either */
export function networkRules(decision: Decision, observes: boolean): Rules {
  return {
    mayConnect: (host) => observes || decision.set.mayConnect(host),
    readsPath: (host) => !observes && decision.set.looks(host).path === 'enforced',
    readsMethod: (host) => !observes && decision.set.looks(host).method === 'enforced',
    namesTransport: ({ effect, policies }) =>
      effect === 'deny' || namesProtocol(policies, (id) => decision.set.textOf(id)),
    namesType: ({ effect, policies }) =>
      (observes && effect === 'deny') || namesType(policies, (id) => decision.set.textOf(id)),
  };
}
