// Calls that were sent to MCP servers enter, and the events of what servers do meanwhile; the events leave with the call they belong to.
import type { Event } from '../../schema/event.ts';

/** With more calls of one server open at a time, what it does is nobody's. */
const MAX_NAMED = 8;
/** Ended calls of one server that late records may still belong to. */
const MAX_ENDED = 64;
/** Milliseconds after which a record of what was done before comes no more. Records leave the warden every 5. */
const LATE = 100;

/** What a server did during a call. */
export interface Caused {
  /** `3 file operations, 1 program`; '' for nothing. */
  readonly text: string;
  /** Of that, what was denied. */
  readonly denied: number;
  /** Of that, what was done while other calls of the same server were open, too. */
  readonly shared: number;
}

/** Milliseconds since the Unix epoch, by the clock of the machine, which the warden reads, too. */
interface Window {
  readonly call: string;
  readonly from: number;
  until: number;
  readonly counts: Map<Kind, number>;
  denied: number;
  shared: number;
}

const KINDS = {
  file: ['file operation', 'file operations'],
  program: ['program', 'programs'],
  connection: ['connection', 'connections'],
  request: ['request', 'requests'],
  lookup: ['lookup', 'lookups'],
  call: ['call', 'calls'],
  other: ['other', 'others'],
} as const;
type Kind = keyof typeof KINDS;

function kindOf({ action }: Event): Kind {
  if (action.startsWith('File')) return 'file';
  if (action === 'ProcessExec') return 'program';
  if (action === 'NetConnect') return 'connection';
  if (action === 'HttpRequest') return 'request';
  if (action === 'DnsResolve') return 'lookup';
  return action === 'McpCall' ? 'call' : 'other';
}

function causedBy({ counts, denied, shared }: Window): Caused {
  const parts = (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [`${count} ${KINDS[kind][count === 1 ? 0 : 1]}`];
  });
  return { text: parts.join(', '), denied, shared };
}

/** Takes what a call caused. */
type Tell = (caused: Caused) => void;

/**
 * Of one session. What a server does, every process of it, belongs to the call that was open when it was done, whenever the record of it
 * comes; with several open to all of them, since nobody can say to which. After the end of a call nothing belongs to it.
 */
export class CallsInHand {
  #last = 0;
  /** By the server's `via`, in the order of their beginnings. */
  readonly #windows: Map<string, Window[]> = new Map();
  /** What is done later, or at the end of the session. */
  readonly #later: Map<NodeJS.Timeout, () => void> = new Map();
  #isClosed = false;

  /** A name for a call that no other of the session has: `c1`. */
  next(): string {
    this.#last += 1;
    return `c${this.#last}`;
  }

  /** The call is sent. @param via of the server, where it is a program of the agent's: what others do is not seen. */
  begin(call: string, via: string | undefined): void {
    if (via === undefined) return;
    const now = Date.now();
    const known = this.#windows.get(via) ?? [];
    const ended = known.filter(({ until }) => until < now - LATE).length;
    const kept = ended > MAX_ENDED ? known.filter(({ until }) => until >= now - LATE) : known;
    kept.push({ call, from: now, until: Number.POSITIVE_INFINITY, counts: new Map(), denied: 0, shared: 0 });
    this.#windows.set(via, kept);
  }

  /**
   * The call is answered, or no answer can come.
   * @param tell called once: at once when nothing can be known, else when the records of what was done until now have come.
   */
  end(call: string, via: string | undefined, tell: Tell): void {
    const window = this.#windowOf(call, via);
    if (window === undefined) {
      tell({ text: '', denied: 0, shared: 0 });
      return;
    }
    // The clock is read to the millisecond.
    window.until = Date.now() + 1;
    this.later(() => tell(causedBy(window)), LATE);
  }

  /** @param act called once, after so many milliseconds, or when the session is over before. @returns takes it back */
  later(act: () => void, milliseconds: number): () => void {
    if (this.#isClosed) {
      act();
      return () => {};
    }
    const timer = setTimeout(() => {
      this.#later.delete(timer);
      act();
    }, milliseconds);
    timer.unref();
    this.#later.set(timer, act);
    return () => {
      clearTimeout(timer);
      this.#later.delete(timer);
    };
  }

  /** The event with the call it belongs to, which counts it. What names its call already keeps it. */
  linked(event: Event): Event {
    const via = event.who?.via;
    const windows = via === undefined ? undefined : this.#windows.get(via);
    if (windows === undefined) return event;
    const open = windows.filter(({ from, until }) => from <= event.time && event.time <= until);
    if (open.length === 0) return event;
    for (const window of open) {
      const kind = kindOf(event);
      window.counts.set(kind, (window.counts.get(kind) ?? 0) + 1);
      if (event.effect === 'deny') window.denied += 1;
      if (open.length > 1) window.shared += 1;
    }
    if (open.length > MAX_NAMED) return event;
    const during = open.map(({ call }) => call).join(',');
    if (event.call === undefined) return { ...event, call: during };
    // A server that calls another one.
    return event.action === 'McpCall' ? { ...event, detail: { ...event.detail, during } } : event;
  }

  /** Nothing more comes: all that is known is told. */
  close(): void {
    this.#isClosed = true;
    for (const [timer, act] of this.#later) {
      clearTimeout(timer);
      act();
    }
    this.#later.clear();
    this.#windows.clear();
  }

  #windowOf(call: string, via: string | undefined): Window | undefined {
    const windows = via === undefined ? undefined : this.#windows.get(via);
    return windows?.findLast((window) => window.call === call && window.until === Number.POSITIVE_INFINITY);
  }
}
