// Origins and paths at which MCP was spoken enter; whether it may be spoken at one leaves. Bounded, and never in doubt: beyond, it may.

/** Of one origin; servers have one or two. With more, every path of it is one. */
const MAX_PATHS = 64;
/** With more, every path of every origin is one: whoever speaks MCP with so many hosts means to be forgotten. */
const MAX_ORIGINS = 1_024;

interface Paths {
  /** Undefined: all. */
  known: Set<string> | undefined;
  /** Of them the addresses for messages of the revision 2024-11-05, whose answers come on another stream. */
  readonly inboxes: Set<string>;
}

function withoutQuery(path: string): string {
  return path.split('?', 1)[0] ?? '';
}

export class McpPlaces {
  readonly #origins: Map<string, Paths> = new Map();
  #isFull = false;

  /** @param origin host and port */
  add(origin: string, path: string): void {
    const paths = this.#pathsOf(origin);
    paths?.known?.add(withoutQuery(path));
    if (paths?.known !== undefined && paths.known.size > MAX_PATHS) paths.known = undefined;
  }

  addInbox(origin: string, path: string): void {
    this.add(origin, path);
    const inboxes = this.#pathsOf(origin)?.inboxes;
    if (inboxes !== undefined && inboxes.size < MAX_PATHS) inboxes.add(withoutQuery(path));
  }

  has(origin: string, path: string): boolean {
    const paths = this.#origins.get(origin);
    if (paths === undefined) return this.#isFull;
    return paths.known?.has(withoutQuery(path)) ?? true;
  }

  isInbox(origin: string, path: string): boolean {
    return this.#origins.get(origin)?.inboxes.has(withoutQuery(path)) === true;
  }

  #pathsOf(origin: string): Paths | undefined {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    this.#isFull ||= this.#origins.size >= MAX_ORIGINS;
    if (this.#isFull) return undefined;
    const made: Paths = { known: new Set(), inboxes: new Set() };
    this.#origins.set(origin, made);
    return made;
  }
}
