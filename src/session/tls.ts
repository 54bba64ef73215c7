// The session's wish about TLS and the policy's word in, whether a connection may stay closed out; and who is told of clients that want it to.
import type { PolicySet } from '../policy/policy-set.ts';
import type { ConnectRequest } from '../schema/request.ts';
import type { Denials } from './denials.ts';
import type { SessionOptions } from './options.ts';

/**
 * By default every request is to be seen, because it is to be in the journal; `record` mode is there for that alone. `@passthrough` is the
 * policy's own word, and holds whatever the session wishes. Neither opens a way around a rule: where one needs content, TLS is opened.
 */
export function mayStayClosed(
  set: PolicySet,
  { tls = 'inspect', mode }: Pick<SessionOptions, 'tls' | 'mode'>,
  request: ConnectRequest,
): boolean {
  const wishes = tls === 'splice' && mode !== 'record';
  if (!wishes && !set.hasPassthrough) return false;
  const handling = set.handlingOf(request);
  return handling === 'passthrough' || (handling === 'splice' && wishes);
}

/** Hosts that a person is told of, and the agent; it could make up any number. */
const MOST_TOLD = 20;

/** Tells of a client that does not accept the session's certificate, once a host: the person, and the agent in its file of denials. */
export function remedies(
  say: SessionOptions['say'],
  denials: Denials | undefined,
): (host: string, port: number, remedy: string) => void {
  const told = new Set<string>();
  return (host, port, remedy) => {
    const peer = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    if (told.has(peer) || told.size >= MOST_TOLD) return;
    told.add(peer);
    const line = `TLS with ${peer} failed: ${remedy}`;
    say(line);
    denials?.tell(line);
  };
}
