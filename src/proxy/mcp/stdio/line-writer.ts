// What passes to one side enters, and whole lines of Leash's own; both leave on one stream, no line within another.
import { Buffer } from 'node:buffer';
import type { Writable } from 'node:stream';

const LF = 0x0a;

export class LineWriter {
  readonly #to: Writable;
  /** Lines of Leash's own that wait for the end of a line that is passing. */
  #waiting: Buffer[] = [];
  #isBetween = true;
  #wakers: (() => void)[] = [];

  constructor(to: Writable) {
    this.#to = to;
    const wake = (): void => this.#wake();
    to.on('drain', wake).on('close', wake);
  }

  /** Nothing can be written any more. */
  get isOver(): boolean {
    return this.#to.destroyed || this.#to.writableEnded;
  }

  get isFull(): boolean {
    return !this.isOver && (this.#to.writableNeedDrain || this.#waiting.length > 0);
  }

  /** Bytes of the other side, which may end within a line. */
  pass(bytes: Buffer): void {
    if (bytes.length === 0 || this.isOver) return;
    this.#to.write(bytes);
    this.#isBetween = bytes.at(-1) === LF;
    this.#flush();
  }

  /** @param line without its end */
  say(line: string | Buffer): void {
    if (this.isOver) return;
    this.#waiting.push(Buffer.concat([Buffer.from(line as string), Buffer.of(LF)]));
    this.#flush();
  }

  /** Resolves when there is room for more, or no use in it. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.#wakers.push(resolve));
  }

  /** Nothing more comes. Resolves when all is written, or cannot be. */
  async end(): Promise<void> {
    // Behind a line that has no end nothing can be said.
    this.#waiting = [];
    this.#wake();
    if (this.#to.destroyed) return;
    await new Promise<void>((resolve) => {
      this.#to.once('close', resolve);
      this.#to.end(resolve);
    });
  }

  #flush(): void {
    if (!this.#isBetween || this.#waiting.length === 0) return;
    const lines = this.#waiting;
    this.#waiting = [];
    this.#to.write(Buffer.concat(lines));
    this.#wake();
  }

  #wake(): void {
    const wakers = this.#wakers;
    this.#wakers = [];
    for (const wake of wakers) wake();
  }
}
