// The text of a credential enters, an object leaves that shows its name wherever it is printed; only what sends it asks for the text.
import { Buffer } from 'node:buffer';

export class SecretValue {
  readonly name: string;
  readonly #bytes: Buffer;

  /** @param text printable ASCII, as `valueObjection` checks. */
  constructor(name: string, text: string) {
    this.name = name;
    this.#bytes = Buffer.from(text, 'latin1');
  }

  /** The value itself: for the head of a request that goes out now, and for finding it in what comes back. */
  reveal(): string {
    return this.#bytes.toString('latin1');
  }

  /** Overwrites it. Copies that V8 made of strings stay until they are collected. */
  dispose(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return `[secret:${this.name}]`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Shorter ones occur in ordinary text, and would be taken out of it. */
const SHORTEST = 8;
const LONGEST = 16_384;

/** Why a text cannot be kept as a credential; says nothing of the text itself. */
export function valueObjection(text: string): string | undefined {
  if (text.length < SHORTEST)
    return `its value has ${text.length} characters; fewer than ${SHORTEST} occur in other text`;
  if (text.length > LONGEST) return `its value has more than ${LONGEST} characters`;
  // A line end would split the header it is put in.
  return /^[\x20-\x7e]+$/.test(text) ? undefined : 'its value has characters that no header may hold';
}
