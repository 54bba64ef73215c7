// Streams in, the same, counted, out; or a refusal when there are too many.
import { LeashError } from '../../host/errors.ts';

export class StreamLimit {
  readonly #most: number;
  #open = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws LEASH_API_BUSY. The stream counts until it ends or is left. */
  counted(stream: AsyncGenerator<string, void, undefined>): AsyncGenerator<string, void, undefined> {
    if (this.#open >= this.#most)
      throw new LeashError('LEASH_API_BUSY', `${this.#most} streams are open already; close another, or ask for pages`);
    this.#open += 1;
    let isOver = false;
    const over = (): void => {
      if (!isOver) this.#open -= 1;
      isOver = true;
    };
    return {
      next: async () => {
        try {
          const step = await stream.next();
          if (step.done) over();
          return step;
        } catch (error) {
          over();
          throw error;
        }
      },
      return: (value) => {
        over();
        return stream.return(value);
      },
      throw: (error) => {
        over();
        return stream.throw(error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
