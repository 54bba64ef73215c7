// Several byte strings enter; where the first of them begins in a text leaves, in a fraction of a step a byte (Wu and Manber, 1994).
import type { Buffer } from 'node:buffer';

const BLOCK = 2;

export interface Match {
  readonly start: number;
  readonly end: number;
  /** Index of the pattern. */
  readonly pattern: number;
}

export class PatternSearch {
  readonly #patterns: readonly Buffer[];
  /** Length of the shortest: the window that is moved over the text. */
  readonly #window: number;
  readonly #longest: number;
  /** How far the window may move when it ends with these two bytes. */
  readonly #shifts: Uint16Array = new Uint16Array(1 << 16);
  /** Patterns whose window ends with these two bytes, longest first. */
  readonly #ending = new Map<number, number[]>();
  /** Patterns by their first byte. */
  readonly #beginning = new Map<number, number[]>();
  /** Whether some pattern begins with these two bytes. */
  readonly #begins: Uint8Array = new Uint8Array(1 << 16);

  /** @param patterns each of at least two bytes */
  constructor(patterns: readonly Buffer[]) {
    this.#patterns = patterns;
    this.#window = Math.min(...patterns.map(({ length }) => length));
    this.#longest = Math.max(...patterns.map(({ length }) => length));
    this.#shifts.fill(Math.min(0xffff, this.#window - BLOCK + 1));
    const order = [...patterns.keys()].sort((a, b) => this.#pattern(b).length - this.#pattern(a).length);
    for (const index of order) this.#add(index);
  }

  #pattern(index: number): Buffer {
    return this.#patterns[index] as Buffer;
  }

  #add(index: number): void {
    const pattern = this.#pattern(index);
    for (let at = 0; at + BLOCK <= this.#window; at++) {
      const block = pattern.readUInt16BE(at);
      const shift = this.#window - BLOCK - at;
      if (shift < (this.#shifts[block] as number)) this.#shifts[block] = shift;
    }
    append(this.#ending, pattern.readUInt16BE(this.#window - BLOCK), index);
    append(this.#beginning, pattern[0] as number, index);
    this.#begins[pattern.readUInt16BE(0)] = 1;
  }

  /** The match that begins first at or after `from`; of those the longest. */
  find(text: Buffer, from: number): Match | undefined {
    const shifts = this.#shifts;
    for (let end = from + this.#window; end <= text.length; ) {
      const block = ((text[end - 2] as number) << 8) | (text[end - 1] as number);
      const shift = shifts[block] as number;
      if (shift > 0) {
        end += shift;
        continue;
      }
      const start = end - this.#window;
      const pattern = this.#ending.get(block)?.find((index) => this.#isAt(text, start, index));
      if (pattern !== undefined) return { start, end: start + this.#pattern(pattern).length, pattern };
      end++;
    }
    return undefined;
  }

  #isAt(text: Buffer, start: number, index: number): boolean {
    const pattern = this.#pattern(index);
    const end = start + pattern.length;
    return end <= text.length && pattern.compare(text, start, end) === 0;
  }

  /** The first place at or after `from` where what is left of the text could be the beginning of a pattern; its length when there is none. */
  openEnd(text: Buffer, from: number): number {
    const last = text.length - 1;
    for (let at = Math.max(from, text.length - this.#longest + 1); at < text.length; at++) {
      if (at < last && this.#begins[((text[at] as number) << 8) | (text[at + 1] as number)] === 0) continue;
      const left = text.length - at;
      const may = this.#beginning.get(text[at] as number)?.some((index) => {
        const pattern = this.#pattern(index);
        return left < pattern.length && pattern.compare(text, at, text.length, 0, left) === 0;
      });
      if (may === true) return at;
    }
    return text.length;
  }
}

function append(map: Map<number, number[]>, key: number, value: number): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
