// Requests to language models enter; what they ask for leaves for the policy before the verdict, and for the event at the end.
import type { Buffer } from 'node:buffer';
import type { HttpRequest, ModelCall } from '../../schema/request.ts';
import { Allowance } from '../exchange/allowance.ts';
import { bodyThrough, responseThrough } from '../exchange/chain.ts';
import type { Broker, Description, Objection, Outgoing, Refusal, RequestMessage } from '../exchange/passage.ts';
import { ownRefusal, type Peer } from '../options.ts';
import { apiAtPath, unreadableAt } from './known-apis.ts';
import type { ModelRequest } from './model-request.ts';
import { type BodyReading, MAX_BODY, mayBeJson, readBody, saysGrpc, saysJson } from './read-body.ts';
import { Sighting } from './sighting.ts';

/** Of all bodies that are kept to be summed up at a time. */
const KEPT = 67_108_864;

export interface ModelBrokerOptions {
  /**
   * Does a policy in force look at what is asked of a model at this host? Never less than what holds.
   * `shadow`: nothing is stopped by what it finds, so that what cannot be read passes, too.
   */
  readonly readsModel: (host: string) => 'no' | 'shadow' | 'enforced';
  /** Epoch of the policy set in force. */
  readonly epoch: () => number;
}

class ModelBroker implements Broker {
  readonly #options: ModelBrokerOptions;
  readonly #allowance: Allowance = new Allowance(KEPT);
  /** What was read for the policy is not read again. */
  readonly #judged: WeakMap<ModelCall, ModelRequest> = new WeakMap();

  constructor(options: ModelBrokerOptions) {
    this.#options = options;
  }

  needs({ name }: Peer): boolean {
    return this.#options.readsModel(name) !== 'no';
  }

  reads({ fields }: RequestMessage, peer: Peer, start?: Buffer): number {
    if (this.#options.readsModel(peer.name) === 'no') return 0;
    return start === undefined || mayBeJson(fields, start) ? MAX_BODY : 0;
  }

  describe({ method, path, fields }: RequestMessage, body: Buffer | undefined, peer: Peer): Description | Refusal {
    const reading: BodyReading =
      body === undefined
        ? { fault: 'it is longer than 32 MiB, or too many are read at a time' }
        : readBody(peer.name, path, fields, body);
    const fault = 'fault' in reading ? reading.fault : reading.asked?.doubts[0];
    if (fault !== undefined && this.#isEnforced(peer))
      return this.#objection(method, path, peer, fault, body === undefined ? 413 : 403);
    if ('fault' in reading || reading.asked === undefined) return {};
    const { provider, name, tools, serverTools, mcpServers } = reading.asked;
    const model = { provider, name, tools: [...tools], serverTools: [...serverTools], mcpServers: [...mcpServers] };
    this.#judged.set(model, reading.asked);
    return { model };
  }

  edit(outgoing: Outgoing, { method, model }: HttpRequest, peer: Peer): Outgoing | Objection {
    const { path, fields } = outgoing;
    const isUpgrade = fields.some(({ name }) => name === 'upgrade');
    const unread = unreadableAt(path, isUpgrade, saysGrpc(fields));
    if (unread !== undefined && this.#isEnforced(peer)) return this.#objection(method, path, peer, unread, 403);
    const isOther = method === 'GET' || method === 'HEAD' || (!saysJson(fields) && apiAtPath(path) === undefined);
    if (model === undefined && (isOther || isUpgrade)) return outgoing;
    const asked = model && this.#judged.get(model);
    const sighting = new Sighting(peer.name, path, this.#allowance, { asked, unread });
    const body = bodyThrough(outgoing.body, sighting.requestFilter(fields));
    return {
      ...outgoing,
      ...(body !== undefined && { body }),
      response: responseThrough(sighting.answered, outgoing.response),
      detail: () => ({ ...outgoing.detail?.(), ...sighting.detail() }),
    };
  }

  #isEnforced({ name }: Peer): boolean {
    return this.#options.readsModel(name) === 'enforced';
  }

  #objection(method: string, path: string, peer: Peer, fault: string, status: number): Refusal {
    const reason = `a policy looks at what is asked of a model here, and this request cannot be judged: ${fault}`;
    const message = `${method} ${peer.name}:${peer.port}${path.split('?', 1)[0] ?? ''} is not permitted: ${reason}`;
    return { reply: { status, message, policies: [] }, decision: ownRefusal(reason, this.#options.epoch()) };
  }
}

/** Sums up in events what is asked of language models, and tells the policy where it looks. Stands before what changes bodies. */
export function modelBroker(options: ModelBrokerOptions): Broker {
  return new ModelBroker(options);
}
