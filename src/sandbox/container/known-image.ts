// An engine and the name of an image in; whether the engine had it when a session last began with it, out. A guess, for speed alone.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from './engine.ts';

export class KnownImage {
  readonly #file: string;

  /** @param cache the user's folder of what can be made again */
  constructor({ name }: Engine, image: string, cache: string) {
    this.#file = path.join(cache, 'images', `${name} ${encodeURIComponent(image)}`);
  }

  get wasThere(): boolean {
    return existsSync(this.#file);
  }

  /** Where nothing can be written, each session only begins later. */
  note(isThere: boolean): void {
    try {
      if (!isThere) rmSync(this.#file, { force: true });
      else if (!this.wasThere) {
        mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
        writeFileSync(this.#file, '', { mode: 0o600 });
      }
    } catch {
      return;
    }
  }
}
