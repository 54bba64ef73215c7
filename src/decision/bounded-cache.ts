// A map with room for a number of entries; what was not used for long makes room for what is new.

/**
 * Two maps: what is used moves to the newer one, and when that is full the older one is dropped whole. So it keeps between `capacity` and
 * twice as many entries, and no entry is looked for to be dropped: in a walk over files nobody asks for again, that was most of the cost.
 */
export class BoundedCache<V extends object> {
  readonly #capacity: number;
  #newer = new Map<string, V>();
  #older = new Map<string, V>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): V | undefined {
    const value = this.#newer.get(key);
    if (value !== undefined) return value;
    const old = this.#older.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    if (this.#newer.size >= this.#capacity && !this.#newer.has(key)) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }
}
