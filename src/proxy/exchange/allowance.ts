// Bytes that are to be held in memory enter; whether all holders together may hold so many leaves.
export class Allowance {
  #left: number;

  /** @param bytes most that is held at a time */
  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** What is taken is given back by `release`, also when the answer is no: the bytes are there already. */
  take(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left >= 0;
  }

  release(bytes: number): void {
    this.#left += bytes;
  }
}

/** What one holder has of an allowance. */
export class Share {
  readonly #allowance: Allowance;
  #taken = 0;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Takes nothing when the answer is no. */
  take(bytes: number): boolean {
    const isGiven = this.#allowance.take(bytes);
    if (isGiven) this.#taken += bytes;
    else this.#allowance.release(bytes);
    return isGiven;
  }

  /** Gives back all of it. */
  release(): void {
    this.#allowance.release(this.#taken);
    this.#taken = 0;
  }
}
