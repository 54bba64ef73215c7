// A language of texts, described by its step function, explored only as far as somebody walks.

export interface LanguageSpec<State> {
  /** Bytes of one class lead to the same state everywhere; other bytes occur in no word. The more readable a byte, the earlier it stands. */
  readonly classes: readonly (readonly number[])[];
  readonly start: State;
  /** Undefined when no word begins like this. */
  step(state: State, byte: number): State | undefined;
  accepts(state: State): boolean;
  key(state: State): string;
}

export const DEAD = -1;

/** States are numbers from 0, the start. */
export class Language {
  readonly classes: readonly (readonly number[])[];
  readonly #spec: LanguageSpec<unknown>;
  readonly #states: unknown[] = [];
  readonly #accepts: boolean[] = [];
  readonly #ids = new Map<string, number>();
  readonly #next: (number | undefined)[] = [];

  private constructor(spec: LanguageSpec<unknown>) {
    this.classes = spec.classes;
    this.#spec = spec;
    this.#idOf(spec.start);
  }

  static of<State>(spec: LanguageSpec<State>): Language {
    return new Language(spec as LanguageSpec<unknown>);
  }

  /** The state after a byte of the class with this index, or DEAD. */
  step(state: number, byteClass: number): number {
    const cell = state * this.classes.length + byteClass;
    let next = this.#next[cell];
    if (next === undefined) {
      const after = this.#spec.step(this.#states[state], this.classes[byteClass]![0]!);
      next = after === undefined ? DEAD : this.#idOf(after);
      this.#next[cell] = next;
    }
    return next;
  }

  accepts(state: number): boolean {
    return this.#accepts[state]!;
  }

  has(text: Uint8Array): boolean {
    let state = 0;
    for (const byte of text) {
      const byteClass = this.classes.findIndex((bytes) => bytes.includes(byte));
      state = byteClass < 0 ? DEAD : this.step(state, byteClass);
      if (state === DEAD) return false;
    }
    return this.accepts(state);
  }

  #idOf(state: unknown): number {
    const key = this.#spec.key(state);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#states.push(state) - 1;
      this.#accepts[id] = this.#spec.accepts(state);
      this.#ids.set(key, id);
    }
    return id;
  }
}
