// When questions were opened by the server's clock and seen by this one in; what the server's clock shows now out. Pure.

/** Milliseconds. A question reaches the page about so long after it was opened, at most; less than that is no difference of clocks. */
const ON_ITS_WAY = 2_000;

export class ServerClock {
  /** What must be added to this machine's clock. */
  #ahead = 0;

  /** @param isNew it was opened just now: while the page was already told of all others */
  saw(opened: number, now: number, isNew: boolean): void {
    const difference = opened - now;
    // Nothing is seen before it was opened.
    const isBehind = difference > this.#ahead && difference > ON_ITS_WAY;
    if (isBehind || (isNew && Math.abs(difference) > ON_ITS_WAY)) this.#ahead = difference;
  }

  now(now: number): number {
    return now + this.#ahead;
  }
}
