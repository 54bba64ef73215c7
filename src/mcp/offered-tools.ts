// The names of tools that servers offer enter, and what was seen of each; that leaves again, for the same place and for calls. Bounded.
import type { Pin } from './pin.ts';

/** A pin, and when it was made: milliseconds since the Unix epoch. */
export interface KeptPin extends Pin {
  readonly since: number;
}

/** Where a list of tools comes from. */
export interface Offer {
  /** What policies call the server. */
  readonly server: string;
  /** What pins are kept under: it tells apart what policies may call by one name. */
  readonly key: string;
}

/** One tool at one place. */
export interface Offered {
  /** Undefined: what was kept of it cannot be read. */
  pinned: KeptPin | undefined;
  /** As it was shown last. */
  seen: Pin;
  /** It changed, and nobody has agreed to it. */
  isOpen: boolean;
  /** That changed, when it was seen to differ last. */
  fields: readonly string[];
}

/** Of one place; and of all of a session. */
const MAX_TOOLS = 1_024;
const MAX_ALL = 16_384;

export class OfferedTools {
  /** By tool, server and key. */
  readonly #tools: Map<string, Map<string, Map<string, Offered>>> = new Map();
  readonly #counts: Map<string, number> = new Map();
  #all = 0;

  /** Nothing more is remembered, of whichever server. */
  get isFull(): boolean {
    return this.#all >= MAX_ALL;
  }

  at({ server, key }: Offer, tool: string): Offered | undefined {
    return this.of(server, tool).get(key);
  }

  /** @returns false: there are too many */
  add({ server, key }: Offer, tool: string, offered: Offered): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count >= MAX_TOOLS || this.isFull) return false;
    const servers = this.#tools.get(tool) ?? new Map<string, Map<string, Offered>>();
    const places = servers.get(server) ?? new Map<string, Offered>();
    this.#tools.set(tool, servers.set(server, places.set(key, offered)));
    this.#counts.set(key, count + 1);
    this.#all += 1;
    return true;
  }

  /** At every place of a server, by their keys: which of them a call goes to is not told by the server's name. */
  of(server: string, tool: string): ReadonlyMap<string, Offered> {
    return this.#tools.get(tool)?.get(server) ?? new Map();
  }

  /** The servers that offer a tool of this name. */
  serversWith(tool: string): readonly string[] {
    return [...(this.#tools.get(tool)?.keys() ?? [])];
  }
}
