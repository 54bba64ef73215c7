// What is in force and what a person wrote in; what stands in the editor, and whether somebody else came first, out. It outlives the screen.

/** A text that is being written. */
export interface Draft {
  /** Of the policy that it began with. */
  readonly epoch: number;
  /** The text it began with. */
  readonly base: string;
  readonly text: string;
}

/** A text that gave way to another, and is not lost. */
export interface Aside {
  readonly time: number;
  readonly text: string;
}

interface InForce {
  readonly epoch: number;
  readonly text: string;
}

export function isChanged({ base, text }: Draft): boolean {
  return text !== base;
}

/** The draft beside what is in force now: what nobody touched follows, what somebody wrote stays as it is. */
export function followed(draft: Draft | undefined, { epoch, text }: InForce): Draft {
  // Just put in force by this tab: what is known of the session is older.
  if (draft !== undefined && draft.epoch > epoch) return draft;
  if (draft === undefined || !isChanged(draft) || draft.text === text) return { epoch, base: text, text };
  // Another set, but the part that is a person's is the one the draft began with.
  return draft.base === text ? { ...draft, epoch } : draft;
}

/** Somebody else put another text in force since the draft began. */
export function isBehind(draft: Draft, { epoch, text }: InForce): boolean {
  return draft.epoch < epoch && draft.base !== text && draft.text !== text;
}

const ASIDE_MOST = 20;

export function withAside(kept: readonly Aside[], aside: Aside): readonly Aside[] {
  return [aside, ...kept.filter(({ text }) => text !== aside.text)].slice(0, ASIDE_MOST);
}

/** `sessionStorage`, or what answers like it. */
interface DraftPlace {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

interface Kept {
  readonly draft: Draft | undefined;
  readonly aside: readonly Aside[];
}

/** Of this tab: a draft is a person's own until it is applied, and two tabs must not write over each other. */
export class DraftStore {
  readonly #storage: DraftPlace;
  /** Storage has room for some megabytes only. */
  readonly #memory = new Map<string, Kept>();

  constructor(storage: DraftPlace) {
    this.#storage = storage;
  }

  read(session: string): Kept {
    const known = this.#memory.get(session);
    if (known !== undefined) return known;
    try {
      const kept = JSON.parse(this.#storage.getItem(`leash-policy:${session}`) ?? '{}') as Partial<Kept>;
      return { draft: kept.draft, aside: kept.aside ?? [] };
    } catch {
      return { draft: undefined, aside: [] };
    }
  }

  write(session: string, kept: Kept): void {
    this.#memory.set(session, kept);
    try {
      this.#storage.setItem(`leash-policy:${session}`, JSON.stringify(kept));
    } catch {
      // Full: the draft lives as long as the page does.
    }
  }
}
