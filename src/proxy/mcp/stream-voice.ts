// Messages of Leash's own for the client enter; they leave as events, between those of a stream that the server sends.
import { Buffer } from 'node:buffer';
import { eventOf } from '../../mcp/event.ts';
import type { BodyFilter } from '../exchange/passage.ts';

/** Of one stream, whose filter lets only whole events pass. */
export class StreamVoice {
  #said: Buffer[] = [];
  #wake: (() => void) | undefined;

  /** Before the stream has begun, and behind its end, nobody hears it. */
  say(message: string): void {
    if (this.#wake === undefined) return;
    this.#said.push(eventOf(message));
    this.#wake();
  }

  /** The filter with what is said. */
  in(filter: BodyFilter): BodyFilter {
    return {
      ...filter,
      push: (content) => {
        const passed = filter.push(content);
        return this.#said.length === 0 ? passed : Buffer.concat([passed, ...this.#said.splice(0)]);
      },
      wakes: (wake) => {
        this.#wake = wake;
      },
    };
  }

  end(): void {
    this.#wake = undefined;
  }
}
