// Pieces of any size enter, one run of bytes leaves: in one buffer that grows, so that single bytes cost no more than what they hold.
import { Buffer } from 'node:buffer';

const LEAST = 4_096;

export class HeldBytes {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(LEAST, 2 * length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** What is held and `last`, which is not copied when nothing is held. Nothing is held any more. */
  takeWith(last: Buffer): Buffer {
    if (this.#length === 0) return last;
    this.push(last);
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    return bytes;
  }
}
