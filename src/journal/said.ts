// What Leash said to the person at the terminal in, a file beside the journal and its lines out.
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const FILE = 'said';
/** Bytes; what comes after them is not kept. */
const MOST = 1 << 20;

export interface SaidLine {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly text: string;
}

function parse(line: string): readonly SaidLine[] {
  try {
    const { time, text } = JSON.parse(line) as Partial<SaidLine>;
    return typeof time === 'number' && typeof text === 'string' ? [{ time, text }] : [];
  } catch {
    return []; // cut off by a crash
  }
}

/** Keeps lines until there is a folder for them. */
export class Said {
  #waiting: string[] = [];
  #file: string | undefined;
  #bytes = 0;

  add(text: string, time: number = Date.now()): void {
    const line = `${JSON.stringify({ time, text })}\n`;
    this.#bytes += Buffer.byteLength(line);
    if (this.#bytes > MOST) return;
    this.#waiting.push(line);
    this.#write();
  }

  keepIn(dir: string): void {
    this.#file = path.join(dir, FILE);
    this.#write();
  }

  #write(): void {
    if (this.#file === undefined || this.#waiting.length === 0) return;
    try {
      appendFileSync(this.#file, this.#waiting.join(''), { mode: 0o600 });
    } catch {
      // A full disk: the journal, on the same disk, ends the session.
    }
    this.#waiting = [];
  }
}

/** Reads what was said, in order, as it grows. */
export class SaidReader {
  readonly #file: string;
  #size = -1;
  #lines: readonly SaidLine[] = [];
  #at = 0;

  constructor(dir: string) {
    this.#file = path.join(dir, FILE);
  }

  /** Lines that were not given yet, up to a time. */
  *until(time: number): Generator<SaidLine> {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (size !== this.#size) {
      this.#size = size;
      this.#lines = size === 0 ? [] : readFileSync(this.#file, 'utf8').split('\n').flatMap(parse);
    }
    for (let line = this.#lines[this.#at]; line !== undefined && line.time <= time; line = this.#lines[this.#at]) {
      this.#at += 1;
      yield line;
    }
  }
}
