// The pieces of one body enter, its beginning leaves at its end: as much as one body, and all together, may hold.
import { Buffer } from 'node:buffer';
import type { Share } from './allowance.ts';

export class KeptBytes {
  readonly #share: Share;
  readonly #limit: number;
  #pieces: Buffer[] = [];
  #size = 0;
  #total = 0;

  /** @param limit most bytes to keep. `share` is given back by whoever handed it in. */
  constructor(share: Share, limit: number) {
    this.#share = share;
    this.#limit = limit;
  }

  /** Bytes that came, kept or not. */
  get total(): number {
    return this.#total;
  }

  /** Whether all that came is kept. */
  get isWhole(): boolean {
    return this.#total === this.#size;
  }

  push(piece: Buffer): void {
    const { isWhole } = this;
    this.#total += piece.length;
    const part = piece.subarray(0, this.#limit - this.#size);
    if (!isWhole || part.length === 0 || !this.#share.take(part.length)) return;
    // A copy: the piece may be of a larger buffer, which would be kept with it.
    this.#pieces.push(Buffer.from(part));
    this.#size += part.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}
