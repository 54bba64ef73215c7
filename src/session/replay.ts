// What a program wrote to its terminal in, the part of it that may be shown again later out. Pure.

const KEPT_MAX = 256 << 10;

/**
 * Questions to a terminal: its answers would come to the program as if a person had typed them. DA, DSR, DECRQM, XTVERSION; DCS and OSC
 * that ask; ENQ. Source: XTerm Control Sequences.
 */
const QUESTIONS =
  /\x1b\[[?>=]?[\d;]*[cn]|\x1b\[\??[\d;]*\$p|\x1b\[>[\d;]*q|\x1bP[+$]q[^\x1b]*\x1b\\|\x1b\]\d+;(?:[^\x07\x1b]*;)?\?(?:\x07|\x1b\\)|\x05/g;

/** The last 256 KiB, from the beginning of a line on. */
export class KeptOutput {
  #chunks: Buffer[] = [];
  #length = 0;
  #isCut = false;

  add(bytes: Buffer): void {
    this.#chunks.push(Buffer.from(bytes));
    this.#length += bytes.length;
    while (this.#length > KEPT_MAX) {
      const first = this.#chunks.shift();
      if (first === undefined) return;
      const surplus = this.#length - KEPT_MAX;
      if (surplus < first.length) this.#chunks.unshift(first.subarray(surplus));
      this.#length -= Math.min(surplus, first.length);
      this.#isCut = true;
    }
    // A program that writes single bytes must not cost an object for each.
    if (this.#chunks.length > 512) this.#chunks = [Buffer.concat(this.#chunks)];
  }

  bytes(): Buffer {
    const all = Buffer.concat(this.#chunks);
    // What stands before the first line feed may be the rest of a character or of a control sequence.
    return this.#isCut ? all.subarray(all.indexOf(0x0a) + 1) : all;
  }

  /** Without what would make a terminal answer. */
  shown(): Buffer {
    return Buffer.from(this.bytes().toString('latin1').replace(QUESTIONS, ''), 'latin1');
  }
}
