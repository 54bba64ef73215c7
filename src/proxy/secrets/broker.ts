// Permitted requests enter, the same with credentials in place of their stand-ins leave, or an objection: each goes where it is bound to, and nowhere else.

import type { HttpRequest } from '../../schema/request.ts';
import { bodyThrough, responseThrough } from '../exchange/chain.ts';
import type { Broker, Objection, Outgoing } from '../exchange/passage.ts';
import { type Ask, type Decide, isRefusal, type Peer } from '../options.ts';
import { Answers } from './answers.ts';
import { type Binding, patternsFor } from './binding.ts';
import { PlaceholderSearch } from './leaks.ts';
import { type Found, type Need, Needs } from './needs.ts';
import { injectInto, replaceIn } from './place.ts';
import type { SecretValue } from './secret-value.ts';

export interface SecretBrokerOptions {
  /** At least one. */
  readonly bindings: readonly Binding[];
  readonly decide: Decide;
  /** Without it a question is a refusal. */
  readonly ask?: Ask;
  /** Tells a person that a stand-in was sent where it does not belong. */
  readonly alert: (text: string) => void;
  /** What servers were sent before; its own when absent. */
  readonly answers?: Answers;
}

/** `host:port`: what a credential was sent to may send it back in the answer to any request. */
function serverOf({ name, port }: Peer): string {
  return `${name}:${port}`;
}

export class SecretBroker implements Broker {
  readonly #bindings: readonly Binding[];
  readonly #search: PlaceholderSearch;
  readonly #names: ReadonlyMap<string, string>;
  readonly #needs: Needs;
  readonly #decide: Decide;
  readonly #ask: Ask | undefined;
  readonly #answers: Answers;

  constructor({ bindings, decide, ask, alert, answers = new Answers() }: SecretBrokerOptions) {
    this.#answers = answers;
    this.#bindings = bindings;
    this.#decide = decide;
    this.#ask = ask;
    this.#names = new Map(bindings.map(({ placeholder, name }) => [placeholder, name]));
    this.#search = new PlaceholderSearch([...this.#names.keys()]);
    this.#needs = new Needs(bindings, this.#search, decide, alert);
  }

  needs({ name, port }: Peer): boolean {
    return this.#bindings.some(({ hosts }) => patternsFor(hosts, name, port).length > 0);
  }

  edit(
    outgoing: Outgoing,
    request: HttpRequest,
    peer: Peer,
    abandoned: () => AbortSignal,
  ): Outgoing | Objection | Promise<Outgoing | Objection> {
    const found = this.#needs.of(outgoing, request, peer);
    if ('reply' in found) return found;
    if (found.needs.every(({ questions }) => questions.length === 0)) return this.#permitted(outgoing, peer, found);
    return this.#answered(found, peer, abandoned()).then(
      (refused) => refused ?? this.#permitted(outgoing, peer, found),
    );
  }

  /** Asks a person for each credential that a policy asks about. @returns the first refusal */
  async #answered({ needs, refusals }: Found, peer: Peer, signal: AbortSignal): Promise<Objection | undefined> {
    const { who, program } = peer.attribution;
    for (const { binding, questions } of needs) {
      for (const question of questions) {
        const decision = (await this.#ask?.(question, { who, program, signal })) ?? this.#decide(question, program);
        if (isRefusal(decision)) return refusals.denied(binding, decision);
      }
    }
    return undefined;
  }

  #permitted(outgoing: Outgoing, peer: Peer, found: Found): Outgoing | Promise<Outgoing | Objection> {
    const { needs, refusals, epoch } = found;
    const values = needs.map(({ binding }) => currentValue(binding));
    const finish = (known: readonly SecretValue[]): Outgoing =>
      this.#watched(this.#filled(outgoing, peer, needs, known), needs, peer);
    if (!values.some((value) => value instanceof Promise)) return finish(values as SecretValue[]);
    return Promise.all(values).then(finish, (error: unknown) => refusals.unavailable(error, epoch));
  }

  /** The credential is put in last: nothing that judges or records the request sees it. */
  #filled(outgoing: Outgoing, peer: Peer, needs: readonly Need[], values: readonly SecretValue[]): Outgoing {
    let head: Pick<Outgoing, 'path' | 'fields'> = outgoing;
    for (const [index, { binding, places, isInjected }] of needs.entries()) {
      const value = values[index]?.reveal() ?? '';
      this.#answers.sent(serverOf(peer), { value, placeholder: binding.placeholder });
      for (const place of places)
        head = isInjected ? injectInto(head, place, value) : replaceIn(head, place, binding.placeholder, value);
    }
    return { ...outgoing, path: head.path, fields: head.fields };
  }

  /** Looks for stand-ins in the request's body, and for credentials in the answer. */
  #watched(outgoing: Outgoing, needs: readonly Need[], peer: Peer): Outgoing {
    const inBody = new Set<string>();
    const body = bodyThrough(
      outgoing.body,
      this.#search.body((placeholder) => inBody.add(this.#names.get(placeholder) ?? '')),
    );
    const used = needs.map(({ binding }) => binding.name);
    const { detail, response } = outgoing;
    const searched = this.#answers.searched(serverOf(peer), outgoing.fields);
    return {
      ...outgoing,
      ...(body === undefined ? {} : { body }),
      ...(searched && { fields: searched.fields, response: responseThrough(searched.response, response) }),
      detail: () => ({
        ...detail?.(),
        ...(used.length > 0 && { secrets: used }),
        ...(inBody.size > 0 && { placeholders_sent: [...inBody] }),
      }),
    };
  }
}

function currentValue(binding: Binding): SecretValue | Promise<SecretValue> {
  try {
    return binding.value();
  } catch (error) {
    return Promise.reject(error);
  }
}
