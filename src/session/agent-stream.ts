// The streams of an agent that no person's terminal holds in; what it writes to everybody who is attached, and is kept, out.
import type { Duplex } from 'node:stream';
import type { Audience, Ending, Program, Size } from '../schema/stage.ts';
import { KeptOutput } from './replay.ts';

/** It never waits for who watches: its output is read as it comes. */
export class AgentStream {
  readonly #stream: Duplex;
  readonly #isTerminal: boolean;
  readonly #resize: (size: Size) => void;
  readonly #signal: (number: number) => void;
  readonly #kept = new KeptOutput();
  readonly #audiences = new Set<Audience>();
  #ending: Ending | undefined;

  constructor(
    stream: Duplex,
    isTerminal: boolean,
    { resize, signal }: { readonly resize: (size: Size) => void; readonly signal: (number: number) => void },
  ) {
    this.#stream = stream;
    this.#isTerminal = isTerminal;
    this.#resize = resize;
    this.#signal = signal;
    stream.on('error', () => undefined); // the warden is gone; the session learns that elsewhere
    stream.on('data', (bytes: Buffer) => {
      this.#kept.add(bytes);
      for (const audience of this.#audiences) audience.output(bytes);
    });
    stream.on('drain', () => {
      for (const audience of this.#audiences) audience.drained();
    });
  }

  attach(audience: Audience, size: Size | undefined): Program {
    audience.begun(this.#isTerminal);
    audience.output(this.#isTerminal ? this.#kept.shown() : this.#kept.bytes());
    if (this.#ending !== undefined) audience.ended(this.#ending);
    else this.#audiences.add(audience);
    const program: Program = {
      // Without a terminal its standard input is at its end.
      input: (bytes) => !this.#isTerminal || !this.#stream.writable || this.#stream.write(bytes),
      endInput: () => undefined,
      resize: (given) => this.#isTerminal && this.#resize(given),
      signal: (number) => this.#signal(number),
      goOn: () => undefined,
      leave: () => {
        this.#audiences.delete(audience);
      },
    };
    if (size !== undefined) program.resize(size);
    return program;
  }

  end(ending: Ending): void {
    this.#ending = ending;
    for (const audience of this.#audiences) audience.ended(ending);
    this.#audiences.clear();
  }

  /** What it wrote last. */
  kept(): Buffer {
    return this.#kept.bytes();
  }
}
