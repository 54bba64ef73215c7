// What a message asks for enters; the policy's verdict on it leaves, at once or when a person has spoken, and the denial if it is one.
import type { JsonObject } from '../../json/strict-json.ts';
import type { Denial } from '../../mcp/denial.ts';
import type { Keeps, ListKind } from '../../mcp/lists.ts';
import type { Asked } from '../../mcp/mcp-request.ts';
import type { PinQuestion, ToolPins } from '../../mcp/tool-pins.ts';
import type { Emit } from '../../schema/event.ts';
import type { HttpRequest, McpRequest } from '../../schema/request.ts';
import {
  type Ask,
  type Asker,
  type Attribution,
  type Decide,
  type Decision,
  isQuestion,
  isRefusal,
  ownRefusal,
  type Peer,
} from '../options.ts';
import type { CallsInHand } from './calls-in-hand.ts';

type Attentive = 'no' | 'shadow' | 'enforced';

export interface McpBrokerOptions {
  /**
   * Whether calls are judged under the policy in force, and whether it looks at arguments. `shadow`: nothing is stopped, neither by a
   * verdict nor because it cannot be read. `pins`: calls are held where a tool is not what it was, also when no policy speaks of calls.
   */
  readonly attention: () => { readonly calls: Attentive; readonly args: Attentive; readonly pins?: boolean };
  readonly decide: Decide;
  /** Without it a question is a refusal. */
  readonly ask?: Ask;
  /** Could some call like this one, with whatever arguments, be permitted? */
  readonly mayCall: (request: McpRequest) => boolean;
  /** Epoch of the policy set in force. */
  readonly epoch: () => number;
  readonly emit: Emit;
  /** Of the session: numbers calls, and knows which are open. */
  readonly inHand: CallsInHand;
  /** The definition of a tool passes by, as a server sent it. */
  readonly toolSeen?: (server: string, definition: string) => void;
  /** What is known of tools from before. Absent: nothing is. */
  readonly pins?: CallPins;
}

export interface CallPins {
  readonly tools: Pick<ToolPins, 'seen' | 'question'>;
  /** What a person says to it. */
  readonly ask: (request: McpRequest, question: PinQuestion, asker: Asker) => Promise<Decision>;
}

export interface Judged {
  readonly request: McpRequest;
  readonly decision: Decision;
  /** Undefined: it passes. */
  readonly denial: Denial | undefined;
  /** No policy speaks of calls: nothing was decided. */
  readonly isJudged?: false;
}

/** Whom the messages are for, and who speaks with it. */
export interface Parties {
  /** What policies call the server. */
  readonly server: string;
  /** What tells it apart from others that policies call by that name: pins are kept for each. */
  readonly key: string;
  readonly attribution: Attribution;
}

/** A call that waits for a word on its tool. */
interface Held {
  readonly judged: Judged;
  readonly pins: CallPins;
  readonly question: PinQuestion;
  readonly signal: () => AbortSignal;
}

function whyDenied({ reason, policies }: Decision): string {
  return reason ?? (policies.length === 0 ? 'no policy permits it' : 'a policy forbids it');
}

function denialOf(decision: Decision): Denial {
  return { reason: whyDenied(decision), policies: decision.policies, form: 'error' };
}

/** What policies call a server: `tools.example`, `localhost:3000`, `[::1]:8080`. */
export function serverName(peer: Pick<Peer, 'name' | 'port'>, scheme: 'http' | 'https'): string {
  if (peer.port === (scheme === 'https' ? 443 : 80)) return peer.name;
  return `${peer.name.includes(':') ? `[${peer.name}]` : peer.name}:${peer.port}`;
}

/** Of one request over HTTP. Gateways have servers of their own at each path. */
export function partiesOf(peer: Peer, { scheme, path }: Pick<HttpRequest, 'scheme' | 'path'>): Parties {
  const server = serverName(peer, scheme);
  return { server, key: `${scheme}://${server}${path}`, attribution: peer.attribution };
}

/** Judges what is said between the agent and one server. */
export class CallJudge {
  readonly server: string;
  readonly #options: McpBrokerOptions;
  readonly #attribution: Attribution;
  readonly #key: string;

  constructor(options: McpBrokerOptions, { server, key, attribution }: Parties) {
    this.#options = options;
    this.#attribution = attribution;
    this.server = server;
    this.#key = key;
  }

  /** Where no policy speaks of calls: it passes, and nobody is asked. */
  unjudged({ request }: Asked): Judged {
    const decision: Decision = { effect: 'allow', enforced: true, policies: [], epoch: this.#options.epoch() };
    return { request, decision, denial: undefined, isJudged: false };
  }

  /** As things stand: a question is a refusal. */
  judgeNow(asked: Asked): Judged {
    if (this.#options.attention().calls === 'no') return this.unjudged(asked);
    return this.#settled(asked, this.#decide(asked.request));
  }

  /**
   * @param signal that nobody waits for the answer any more; called if a person is asked.
   * @returns a promise if a person is asked.
   */
  judge(asked: Asked, signal: () => AbortSignal): Judged | Promise<Judged> {
    const judged = this.#judged(asked, signal);
    if (judged instanceof Promise) return judged.then((settled) => this.#unlessChanged(asked, settled, signal));
    return this.#unlessChanged(asked, judged, signal);
  }

  #judged(asked: Asked, signal: () => AbortSignal): Judged | Promise<Judged> {
    if (this.#options.attention().calls === 'no') return this.unjudged(asked);
    const decision = this.#decide(asked.request);
    const { ask } = this.#options;
    // A doubt stops it whatever a person says.
    const isHeld = isQuestion(decision) && this.#options.attention().calls === 'enforced' && !this.#isDoubted(asked);
    if (!isHeld || ask === undefined) return this.#settled(asked, decision);
    const { who, program } = this.#attribution;
    return ask(asked.request, { who, program, signal: signal() }).then((said) => this.#settled(asked, said));
  }

  /** A person must agree to call a tool that is not what it was. */
  #unlessChanged(asked: Asked, judged: Judged, signal: () => AbortSignal): Judged | Promise<Judged> {
    const { pins, attention } = this.#options;
    const { resource } = judged.request;
    const { calls, pins: isHeld = false } = attention();
    if (judged.denial !== undefined || resource.type !== 'tool' || !(isHeld || calls === 'enforced')) return judged;
    const question = pins?.tools.question(this.server, resource.name);
    return pins === undefined || question === undefined
      ? judged
      : this.#agreed(asked, { judged, pins, question, signal });
  }

  /** The policy's own word is asked for again behind theirs: it may be another. */
  async #agreed(asked: Asked, { judged, pins, question, signal }: Held): Promise<Judged> {
    const { who, program } = this.#attribution;
    const decision = await pins.ask(judged.request, question, { who, program, signal: signal() });
    if (isRefusal(decision)) return { ...judged, decision, denial: denialOf(decision) };
    question.approve();
    const again = await this.#judged(asked, signal);
    const left = pins.tools.question(this.server, judged.request.resource.name);
    if (again.denial !== undefined) return again;
    // It changed once more while somebody thought about it.
    if (left !== undefined && left.subject.join() !== question.subject.join())
      return this.#unlessChanged(asked, again, signal);
    const { ask, approval } = decision;
    return { ...again, decision: { ...(ask && { ask }), ...(approval && { approval }), ...again.decision } };
  }

  /** Whether the agent sees an entry of a list: some use of it may be permitted. What it sees is pinned. */
  readonly keeps: Keeps = (kind, entry, text) => {
    const { server } = this;
    if (kind === 'tools') this.#options.toolSeen?.(server, text);
    const isKept = this.#isKept(kind, entry);
    if (isKept && kind === 'tools')
      this.#options.pins?.tools.seen({ server, key: this.#key }, String(entry['name']), text);
    return isKept;
  };

  #isKept(kind: ListKind, entry: JsonObject): boolean {
    if (this.#options.attention().calls !== 'enforced') return true;
    const { server } = this;
    if (kind === 'tools') {
      const resource = { type: 'tool', name: String(entry['name']), server } as const;
      return this.#options.mayCall({ action: 'McpCall', resource, method: 'tools/call', args: new Map() });
    }
    const resource = { type: 'server', name: server } as const;
    const [method, key] =
      kind === 'prompts' ? (['prompts/get', 'name'] as const) : (['resources/read', 'uri'] as const);
    // Which address a template leads to is not known.
    const args = new Map(kind === 'resourceTemplates' ? [] : [[key, String(entry[key])]]);
    const request: McpRequest = { action: 'McpCall', resource, method, args };
    const { effect, ask, policies } = this.#decide(request);
    if (effect === 'allow' || ask !== undefined) return true;
    // What is permitted with further arguments only is shown; what is forbidden by this one is not.
    const isForbidden = policies.length > 0 && kind !== 'resourceTemplates';
    return !isForbidden && this.#options.mayCall(request);
  }

  #decide(request: McpRequest): Decision {
    return this.#options.decide(request, this.#attribution.program);
  }

  #isDoubted({ doubt }: Asked): boolean {
    return doubt !== undefined && this.#options.attention().args === 'enforced';
  }

  #settled(asked: Asked, verdict: Decision): Judged {
    const { request } = asked;
    const decision = this.#effective(asked, verdict);
    return { request, decision, denial: isRefusal(decision) ? denialOf(decision) : undefined };
  }

  #effective(asked: Asked, decision: Decision): Decision {
    const { calls } = this.#options.attention();
    if (this.#isDoubted(asked) && !isRefusal(decision))
      return ownRefusal(`a policy looks at arguments, and ${asked.doubt}`, this.#options.epoch());
    if (calls === 'enforced' || !isRefusal(decision)) return decision;
    // Only shadow policies speak of MCP: without them nobody would have asked.
    const { epoch, shadow = 'deny' } = decision;
    return { effect: 'allow', enforced: true, policies: [], shadow, epoch };
  }
}
