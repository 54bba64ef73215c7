// A seed in; bytes that are nearly right, and ways to cut them, out.
import { Random } from '../unit/policy/random-words.ts';

const INTERESTING = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
const MOST_CHANGES = 4;

export class ByteFuzzer extends Random {
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  #change(bytes: Buffer): Buffer {
    const at = this.below(bytes.length);
    switch (this.below(5)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << this.below(8));
        return bytes;
      case 1: {
        const size = this.pick([1, 2, 4]);
        const value = this.chance(0.5) ? this.pick(INTERESTING) : this.below(bytes.length + 9);
        if (at + size > bytes.length) return bytes;
        const field = value % 2 ** (8 * size);
        if (this.chance(0.5)) bytes.writeUIntLE(field, at, size);
        else bytes.writeUIntBE(field, at, size);
        return bytes;
      }
      case 2:
        return bytes.subarray(0, at);
      case 3:
        return Buffer.concat([bytes.subarray(0, at), this.bytes(this.below(9)), bytes.subarray(at)]);
      default: {
        const length = this.below(20);
        const piece = bytes.subarray(at, at + length);
        const rest = bytes.subarray(this.chance(0.5) ? at : at + length);
        return Buffer.concat([bytes.subarray(0, at), this.chance(0.5) ? piece : Buffer.alloc(0), rest]);
      }
    }
  }

  /** A changed copy; one in eight is as it was. */
  mutated(bytes: Buffer): Buffer {
    let changed: Buffer = Buffer.from(bytes);
    if (this.below(8) === 0) return changed;
    for (let left = 1 + this.below(MOST_CHANGES); left > 0 && changed.length > 0; left--)
      changed = this.#change(changed);
    return changed;
  }

  /** The same bytes in pieces of any size. */
  cut(bytes: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + this.below(this.chance(0.3) ? 3 : bytes.length);
      pieces.push(bytes.subarray(at, at + length));
      at += length;
    }
    return pieces;
  }
}
