// Recorded requests of several sessions in, each different one once out: how often, in how many sessions, and whether it proves anything.
import { LeashError } from '../../host/errors.ts';
import type { Request } from '../../schema/request.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { SessionFacts } from '../facts.ts';

/** What requests are judged against: sessions with the same directories, user and agent share one. */
export interface Setting {
  /** Canonical. */
  readonly facts: SessionFacts;
  /** The policy that a suggestion is added to, with the statements of Leash beside it. */
  readonly base: readonly Policy[];
}

export interface Seen {
  readonly setting: Setting;
  readonly request: Request;
  readonly events: number;
  readonly sessions: ReadonlySet<string>;
  /**
   * The operation succeeded, and the agent had not made what it names in the same session. Only this counts when folders are widened: names
   * cost an agent nothing.
   */
  readonly isProven: boolean;
}

/** An old and a new name; nothing may become more permitted by a rename. */
export interface Move {
  readonly setting: Setting;
  /** The MCP server of who moved it; '' for none. */
  readonly via: string;
  readonly from: string;
  readonly to: string;
}

export interface Operation {
  readonly session: string;
  readonly setting: Setting;
  /** All that it needed. */
  readonly requests: readonly Request[];
  /** It came to an end without an error. */
  readonly succeeded: boolean;
  /** New name of a rename or link. */
  readonly target?: string;
}

/** Different requests; a person can read no policy that is made from more. */
export const MAX_SEEN = 200_000;

type Growing = { -readonly [Key in keyof Seen]: Seen[Key] } & { sessions: Set<string> };

/** The MCP server of who asks; '' for none, and where the request does not say. */
export function viaOf(request: Request): string {
  return ('program' in request && request.program.via) || '';
}

/** What tells two requests apart for a suggestion. Arguments, queries and headers do not. */
function keyOf(request: Request): string {
  const exe = 'program' in request ? `${viaOf(request)}\0${request.program.exe}` : '';
  switch (request.action) {
    case 'NetConnect':
      return JSON.stringify([request.action, request.resource.name, request.port, request.protocol, exe]);
    case 'HttpRequest': {
      const { resource, port, method, path, git } = request;
      return JSON.stringify([request.action, resource.name, port, method, path, git, exe]);
    }
    case 'DnsResolve':
      return JSON.stringify([request.action, request.resource.name, request.qtype]);
    default:
      return `${request.action} ${exe}\0${request.resource.type === 'path' ? request.resource.path : request.resource.name}`;
  }
}

export class Evidence {
  readonly #seen = new Map<Setting, Map<string, Growing>>();
  readonly #moves = new Map<string, Move>();
  /** Of the session that was added last; sessions come one after another. */
  #session = '';
  #made = new Set<string>();
  #count = 0;

  /** @throws {LeashError} LEASH_USAGE when there is more than a suggestion can be made from */
  add({ session, setting, requests, succeeded, target }: Operation): void {
    if (session !== this.#session) {
      this.#session = session;
      this.#made = new Set();
    }
    for (const request of requests) this.#addOne(session, setting, request, succeeded);
    const [first] = requests;
    if (target === undefined || first?.resource.type !== 'path') return;
    const from = first.resource.path;
    if (succeeded) this.#made.add(target);
    const via = viaOf(first);
    this.#moves.set(`${via}\0${from}\0${target}`, { setting, via, from, to: target });
  }

  #addOne(session: string, setting: Setting, request: Request, succeeded: boolean): void {
    const path = request.resource.type === 'path' ? request.resource.path : undefined;
    const isOwn = path !== undefined && this.#made.has(path);
    // What the agent made itself shows that it writes there, not that something is there to be read.
    const isProven = succeeded && !(isOwn && request.action === 'FileOpenReadOnly');
    if (request.action === 'FileCreate' && succeeded && path !== undefined) this.#made.add(path);
    const known = this.#of(setting);
    const key = keyOf(request);
    const seen = known.get(key);
    if (seen === undefined) {
      if (++this.#count > MAX_SEEN)
        throw new LeashError(
          'LEASH_USAGE',
          `more than ${MAX_SEEN} different operations; choose fewer sessions, or a shorter --since`,
        );
      known.set(key, { setting, request, events: 1, sessions: new Set([session]), isProven });
      return;
    }
    seen.events++;
    seen.sessions.add(session);
    seen.isProven ||= isProven;
  }

  #of(setting: Setting): Map<string, Growing> {
    let known = this.#seen.get(setting);
    if (known === undefined) {
      known = new Map();
      this.#seen.set(setting, known);
    }
    return known;
  }

  /** In an order that depends on the requests alone. */
  all(): readonly Seen[] {
    return [...this.#seen.values()]
      .flatMap((known) => [...known])
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, seen]) => seen);
  }

  moves(): readonly Move[] {
    return [...this.#moves.values()];
  }
}
