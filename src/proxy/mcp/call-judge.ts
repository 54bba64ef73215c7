// What a message asks for enters; the policy's verdict on it leaves, at once or when a person has spoken, and the denial if it is one.
import type { Denial } from '../../mcp/denial.ts';
import type { Keeps } from '../../mcp/lists.ts';
import type { Asked } from '../../mcp/mcp-request.ts';
import type { Emit } from '../../schema/event.ts';
import type { McpRequest } from '../../schema/request.ts';
import {
  type Ask,
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
   * verdict nor because it cannot be read.
   */
  readonly attention: () => { readonly calls: Attentive; readonly args: Attentive };
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
  readonly attribution: Attribution;
}

function whyDenied({ reason, policies }: Decision): string {
  return reason ?? (policies.length === 0 ? 'no policy permits it' : 'a policy forbids it');
}

/** What policies call a server: `tools.example`, `localhost:3000`, `[::1]:8080`. */
export function serverName(peer: Pick<Peer, 'name' | 'port'>, scheme: 'http' | 'https'): string {
  if (peer.port === (scheme === 'https' ? 443 : 80)) return peer.name;
  return `${peer.name.includes(':') ? `[${peer.name}]` : peer.name}:${peer.port}`;
}

/** Judges what is said between the agent and one server. */
export class CallJudge {
  readonly server: string;
  readonly #options: McpBrokerOptions;
  readonly #attribution: Attribution;

  constructor(options: McpBrokerOptions, { server, attribution }: Parties) {
    this.#options = options;
    this.#attribution = attribution;
    this.server = server;
  }

  /** Where no policy speaks of calls: it passes, and nobody is asked. */
  unjudged({ request }: Asked): Judged {
    const decision: Decision = { effect: 'allow', enforced: true, policies: [], epoch: this.#options.epoch() };
    return { request, decision, denial: undefined, isJudged: false };
  }

  /** As things stand: a question is a refusal. */
  judgeNow(asked: Asked): Judged {
    return this.#settled(asked, this.#decide(asked.request));
  }

  /**
   * @param signal that nobody waits for the answer any more; called if a person is asked.
   * @returns a promise if a person is asked.
   */
  judge(asked: Asked, signal: () => AbortSignal): Judged | Promise<Judged> {
    const decision = this.#decide(asked.request);
    const { ask } = this.#options;
    // A doubt stops it whatever a person says.
    const isHeld = isQuestion(decision) && this.#options.attention().calls === 'enforced' && !this.#isDoubted(asked);
    if (!isHeld || ask === undefined) return this.#settled(asked, decision);
    const { who, program } = this.#attribution;
    return ask(asked.request, { who, exe: program.exe, signal: signal() }).then((said) => this.#settled(asked, said));
  }

  /** Whether the agent sees an entry of a list: some use of it may be permitted. */
  readonly keeps: Keeps = (kind, entry, text) => {
    if (kind === 'tools') this.#options.toolSeen?.(this.server, text);
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
  };

  #decide(request: McpRequest): Decision {
    return this.#options.decide(request, this.#attribution.program.exe);
  }

  #isDoubted({ doubt }: Asked): boolean {
    return doubt !== undefined && this.#options.attention().args === 'enforced';
  }

  #settled(asked: Asked, verdict: Decision): Judged {
    const { request } = asked;
    const decision = this.#effective(asked, verdict);
    if (!isRefusal(decision)) return { request, decision, denial: undefined };
    const { policies } = decision;
    return { request, decision, denial: { reason: whyDenied(decision), policies, form: 'error' } };
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
