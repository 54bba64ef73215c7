// Why a request with a credential's stand-in is stopped enters, what the agent, the journal and a person are told of it leaves.

import type { Detail, Objection } from '../exchange/passage.ts';
import { type Decision, ownRefusal, type Peer } from '../options.ts';
import { type Binding, type HostPattern, placeText } from './binding.ts';

function hostText({ name, port }: HostPattern): string {
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function listed(texts: readonly string[]): string {
  return texts.join(' or ');
}

/** Of one request. */
export class Refusals {
  readonly #peer: Peer;
  readonly #alert: (text: string) => void;

  constructor(peer: Peer, alert: (text: string) => void) {
    this.#peer = peer;
    this.#alert = alert;
  }

  elsewhere(binding: Pick<Binding, 'name' | 'hosts'>, where: string, epoch: number): Objection {
    const { name, hosts } = binding;
    return this.stopped(
      binding.name,
      where,
      `the placeholder of the secret ${name} was sent to ${hostText(this.#peer)}, in ${where}; the secret is for ${listed(hosts.map(hostText))} only`,
      epoch,
    );
  }

  misplaced(binding: Binding, where: string, epoch: number): Objection {
    const { name, places } = binding;
    return this.stopped(
      binding.name,
      where,
      `the placeholder of the secret ${name} stands in ${where}; it is replaced only in ${listed(places.map(placeText))}`,
      epoch,
    );
  }

  outside(binding: Binding, where: string, epoch: number): Objection {
    const { name, paths = [] } = binding;
    const text = `the placeholder of the secret ${name} was sent to a path that is not below ${listed(paths)}`;
    return this.stopped(binding.name, where, text, epoch);
  }

  plaintext(binding: Pick<Binding, 'name'>, where: string, epoch: number): Objection {
    const text = `the secret ${binding.name} is not sent without TLS, unless its configuration says allow_plaintext`;
    return this.stopped(binding.name, where, text, epoch);
  }

  /** The server would answer with the request itself (RFC 9110, section 9.3.8). */
  traced(binding: Binding, where: string, epoch: number): Objection {
    return this.stopped(binding.name, where, `the secret ${binding.name} is not sent with TRACE`, epoch);
  }

  spent({ name, maxUses = 0 }: Binding, epoch: number): Objection {
    const text = `the secret ${name} was used ${maxUses} times, as often as its configuration permits`;
    return this.#objection(403, ownRefusal(text, epoch), { secret: name });
  }

  denied({ name }: Pick<Binding, 'name'>, decision: Decision): Objection {
    const why = decision.reason ?? (decision.policies.length === 0 ? 'no policy permits it' : 'a policy forbids it');
    const reason = `the secret ${name} may not be used with ${hostText(this.#peer)}: ${why}`;
    return this.#objection(403, { ...decision, reason }, { secret: name });
  }

  /** @param error its message is for a person, and holds no value */
  unavailable(error: unknown, epoch: number): Objection {
    const text = error instanceof Error ? error.message : 'the value of a secret cannot be had';
    return this.#objection(502, ownRefusal(text, epoch), {});
  }

  /** What looks like an attempt to get a credential out. */
  stopped(name: string, where: string, text: string, epoch: number): Objection {
    this.#alert(`${text}; the request was stopped`);
    return this.#objection(403, ownRefusal(text, epoch), { secret: name, placeholder_in: where, severity: 'high' });
  }

  #objection(status: number, decision: Decision, detail: Detail): Objection {
    const { policies, reason = '' } = decision;
    return { reply: { status, message: reason, policies, reason }, decision, detail };
  }
}
