// Definitions of tools enter as the agent is shown them; what changed since they were pinned leaves, and what a person must agree to first.
import { type KeptPin, type Offer, type Offered, OfferedTools } from './offered-tools.ts';
import { comparePin, type Pin, pinOf } from './pin.ts';
import { changedWords, dayOf, quotedName } from './tool-words.ts';

/** What outlives the session. */
export interface PinStore {
  /** `unreadable`: something is kept of this place, and it cannot be read. */
  of(key: string, tool: string): KeptPin | 'unreadable' | undefined;
  /** @param was digest of the pin that it takes the place of; where another session wrote another one meanwhile, that one stays. */
  keep(offer: Offer, tool: string, pin: KeptPin, was: string | undefined): void;
}

export type ToolNotice = Offer & { readonly tool: string } & (
    | { readonly kind: 'changed'; readonly fields: readonly string[]; readonly since: number }
    | { readonly kind: 'changed back'; readonly since: number }
    /** By other servers too, in this session. */
    | { readonly kind: 'offered twice'; readonly others: readonly string[] }
    /** It offers too many. Said once of a place. */
    | { readonly kind: 'not remembered' }
  );

export interface PinQuestion {
  /** For a person. */
  readonly text: string;
  /** What the answer is for, to the letter: it holds for these definitions and no other. */
  readonly subject: readonly string[];
  /** Fields that changed. */
  readonly fields: readonly string[];
  /** A person agreed: what was asked about is the pin now, where it can be remembered. */
  approve(): void;
}

export interface ToolPinsOptions {
  readonly store: PinStore;
  /** A changed tool stays unpinned until a person agrees; else the change is told, and is the pin from then on. */
  readonly doesAsk: boolean;
  readonly notice: (notice: ToolNotice) => void;
  /** A line for the person. */
  readonly say: (line: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** Of a session: a server that changes its tools all the time fills neither screen nor journal. */
const MAX_LINES = 16;
const MAX_NOTICES = 1_024;
const MAX_OTHERS = 8;
const MAX_TOLD = 1_024;

export class ToolPins {
  readonly #options: ToolPinsOptions;
  readonly #offered: OfferedTools = new OfferedTools();
  /** Servers that offer more than is remembered; and by key, those of which it was said. */
  readonly #full: Set<string> = new Set();
  readonly #told: Set<string> = new Set();
  #lines = 0;
  #notices = 0;

  constructor(options: ToolPinsOptions) {
    this.#options = options;
  }

  /** A list that reaches the agent holds this tool. @param text its definition to the letter */
  seen(offer: Offer, tool: string, text: string): void {
    const offered = this.#offered.at(offer, tool);
    const pin = this.#isFull(offer) && offered === undefined ? undefined : pinOf(text);
    if (pin === undefined || offered?.seen.digest === pin.digest) return;
    if (offered === undefined) this.#first(offer, tool, pin);
    else this.#again(offer, tool, offered, pin);
  }

  /** What a person must agree to before this tool is called. */
  question(server: string, tool: string): PinQuestion | undefined {
    if (!this.#options.doesAsk) return undefined;
    const places = this.#offered.of(server, tool);
    const open = [...places].filter(([, { isOpen }]) => isOpen);
    if (open.length > 0) return this.#questionOf(server, tool, open);
    if (places.size > 0 || !(this.#full.has(server) || this.#offered.isFull)) return undefined;
    const text = `${this.#name(server, tool)} is one of more than can be remembered. Call it?`;
    return { text, subject: [server, tool, 'not remembered'], fields: [], approve: () => {} };
  }

  #name(server: string, tool: string): string {
    return `the tool ${quotedName(tool)} of the MCP server ${quotedName(server)}`;
  }

  #isFull({ key }: Offer): boolean {
    return this.#told.has(key) || this.#told.size >= MAX_TOLD;
  }

  #first(offer: Offer, tool: string, pin: Pin): void {
    const { store, doesAsk, now } = this.#options;
    const kept = store.of(offer.key, tool);
    const isUnreadable = kept === 'unreadable';
    const pinned = kept === undefined || (isUnreadable && !doesAsk) ? { ...pin, since: now() } : kept;
    const offered: Offered = {
      pinned: pinned === 'unreadable' ? undefined : pinned,
      seen: pin,
      isOpen: pinned === 'unreadable',
      fields: [],
    };
    if (!this.#offered.add(offer, tool, offered)) {
      this.#overflow(offer, tool);
      return;
    }
    if (pinned !== kept && offered.pinned !== undefined) store.keep(offer, tool, offered.pinned, undefined);
    const others = this.#offered.serversWith(tool).filter((server) => server !== offer.server);
    if (others.length > 0) this.#tell({ ...offer, tool, kind: 'offered twice', others: others.slice(0, MAX_OTHERS) });
    if (offered.pinned !== undefined) this.#compared(offer, tool, offered, offered.pinned, pin);
  }

  #again(offer: Offer, tool: string, offered: Offered, pin: Pin): void {
    offered.seen = pin;
    const { pinned } = offered;
    if (pinned === undefined) return;
    // What the model read in between stays read: it is asked about all the same.
    if (pinned.digest === pin.digest) this.#tell({ ...offer, tool, kind: 'changed back', since: pinned.since });
    else this.#compared(offer, tool, offered, pinned, pin);
  }

  #compared(offer: Offer, tool: string, offered: Offered, pinned: KeptPin, pin: Pin): void {
    const compared = comparePin(pinned, pin);
    if (compared.state !== 'changed') return;
    const { fields } = compared;
    const { store, doesAsk, now } = this.#options;
    this.#tell({ ...offer, tool, kind: 'changed', fields, since: pinned.since });
    const { server } = offer;
    this.#say(
      `${this.#name(server, tool)} is not what it was: ${changedWords(fields)} changed since ${dayOf(pinned.since)}`,
    );
    if (doesAsk) {
      offered.isOpen = true;
      offered.fields = fields;
      return;
    }
    offered.pinned = { ...pin, since: now() };
    store.keep(offer, tool, offered.pinned, pinned.digest);
  }

  #questionOf(server: string, tool: string, open: readonly (readonly [string, Offered])[]): PinQuestion {
    const fields = [...new Set(open.flatMap(([, offered]) => offered.fields))].sort();
    const since = open.map(([, { pinned }]) => pinned?.since).find((time) => time !== undefined);
    const what =
      since === undefined
        ? 'what was known of it cannot be read'
        : `${changedWords(fields)} changed since ${dayOf(since)}`;
    // The server may change it once more while the person thinks.
    const asked = open.map(([key, offered]) => ({ key, offered, seen: offered.seen, was: offered.pinned?.digest }));
    const approve = (): void => {
      for (const { key, offered, seen, was } of asked) {
        offered.pinned = { ...seen, since: this.#options.now() };
        this.#options.store.keep({ server, key }, tool, offered.pinned, was);
        offered.isOpen = offered.seen.digest !== seen.digest;
      }
    };
    const subject = [server, tool, ...asked.flatMap(({ key, seen, was = '' }) => [key, seen.digest, was])];
    return { text: `${this.#name(server, tool)}: ${what}. Call it all the same?`, subject, fields, approve };
  }

  #overflow(offer: Offer, tool: string): void {
    if (this.#full.size < MAX_TOLD) this.#full.add(offer.server);
    this.#told.add(offer.key);
    this.#tell({ ...offer, tool, kind: 'not remembered' });
    this.#say(
      `the MCP server ${quotedName(offer.server)} offers more tools than can be remembered: changes of the others are not noticed`,
    );
  }

  #tell(notice: ToolNotice): void {
    this.#notices += 1;
    if (this.#notices <= MAX_NOTICES) this.#options.notice(notice);
  }

  #say(line: string): void {
    this.#lines += 1;
    if (this.#lines < MAX_LINES) this.#options.say(line);
    else if (this.#lines === MAX_LINES) this.#options.say(`${line}; further changes of tools stand in the journal`);
  }
}
