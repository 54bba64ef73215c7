// What a policy says of a connection in; whether it means datagrams, or bytes that are not HTTP on the web's ports, out.
import type { Decided } from '../decision/decision.ts';
import { speaksOf, type TextOf } from '../policy/speaks-of.ts';
import { ownRefusal } from '../proxy/options.ts';
import type { Request } from '../schema/request.ts';

const HTTPS_PORT = 443;

/**
 * Does one of the policies that decided speak of `context.protocol`? A permit that does not was written for what can be read: as HTTP/3,
 * or as bytes of its own on the web's ports, a connection would get around the rules on HTTP.
 */
export function namesProtocol(policies: readonly string[], textOf: TextOf): boolean {
  return speaksOf(policies, 'protocol', textOf);
}

/** Does one of the policies that decided speak of `context.qtype`? */
export function namesType(policies: readonly string[], textOf: TextOf): boolean {
  return speaksOf(policies, 'qtype', textOf);
}

/** The verdict on a request, but for datagrams that no permit speaks of. */
export function withDatagramRule(request: Request, decided: Decided, textOf: TextOf): Decided {
  if (request.action !== 'NetConnect' || request.protocol !== 'udp') return decided;
  if (decided.effect === 'deny' && decided.ask === undefined) {
    // Seen as QUIC it would not be seen as HTTP, and clients go on without.
    const hidesHttp = !decided.enforced && request.port === HTTPS_PORT;
    return hidesHttp ? ownRefusal('QUIC is refused, so that its requests are seen over TCP', decided.epoch) : decided;
  }
  if (namesProtocol(decided.policies, textOf)) return decided;
  return ownRefusal(
    'datagrams are relayed where a permit says context.protocol == "udp"; clients fall back to TCP',
    decided.epoch,
  );
}
