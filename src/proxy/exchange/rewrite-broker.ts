// Permitted requests enter, the same with the headers that policies set leave; whatever the agent sent under their names is gone.
import type { HttpRequest } from '../../schema/request.ts';
import type { Field } from '../http/head.ts';
import type { Decide, Peer } from '../options.ts';
import type { Broker, Outgoing } from './passage.ts';

/** A header that some permit would have set, as it is spelt there. */
export interface Candidate {
  readonly header: string;
  readonly value: string;
}

export interface RewriteOptions {
  /** Of the policy set in force: another array when that is replaced. In the order of the text. */
  readonly candidates: () => readonly Candidate[];
  readonly decide: Decide;
}

/** Hosts whose headers are remembered: the agent chooses names. */
const MOST_HOSTS = 1_024;

export class RewriteBroker implements Broker {
  readonly #options: RewriteOptions;
  readonly #chosen = new Map<string, readonly Field[]>();
  #candidates: readonly Candidate[] = [];

  constructor(options: RewriteOptions) {
    this.#options = options;
  }

  edit(outgoing: Outgoing, _request: HttpRequest, peer: Peer): Outgoing {
    const candidates = this.#options.candidates();
    if (candidates !== this.#candidates) this.#chosen.clear();
    this.#candidates = candidates;
    if (candidates.length === 0) return outgoing;
    const fields = this.#fieldsFor(peer);
    if (fields.length === 0) return outgoing;
    const names = fields.map(({ name }) => name);
    const { detail } = outgoing;
    return {
      ...outgoing,
      fields: [...outgoing.fields.filter(({ name }) => !names.includes(name)), ...fields],
      detail: () => ({ ...detail?.(), headers_set: names }),
    };
  }

  /** A verdict depends on host, port, header and value, so it holds for as long as the policy set. */
  #fieldsFor(peer: Peer): readonly Field[] {
    const key = `${peer.name}:${peer.port}`;
    const known = this.#chosen.get(key);
    if (known !== undefined) return known;
    const fields = new Map<string, Field>();
    for (const { header, value } of this.#candidates) {
      const name = header.toLowerCase();
      // Of several values for one header the first in the text is set.
      if (!fields.has(name) && this.#isPermitted(peer, header, value))
        fields.set(name, { name, value, line: `${header}: ${value}` });
    }
    if (this.#chosen.size >= MOST_HOSTS) this.#chosen.clear();
    this.#chosen.set(key, [...fields.values()]);
    return [...fields.values()];
  }

  /** Header names have no case: a forbid that spells one in lower case outweighs a permit that does not. */
  #isPermitted(peer: Peer, header: string, value: string): boolean {
    const ask = (spelling: string): ReturnType<Decide> =>
      this.#options.decide(
        {
          action: 'HttpRewrite',
          resource: { type: 'host', name: peer.name },
          port: peer.port,
          header: spelling,
          value,
        },
        peer.attribution.program,
      );
    if (ask(header).effect !== 'allow') return false;
    const lower = header.toLowerCase();
    if (lower === header) return true;
    const { effect, policies } = ask(lower);
    return effect === 'allow' || policies.length === 0;
  }
}
