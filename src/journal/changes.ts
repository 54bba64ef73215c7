// A directory in, a wake-up when something in it may have changed out.
import { type FSWatcher, watch } from 'node:fs';

/** A change that inotify(7) does not report (network file systems, no watches left) is found after this many milliseconds. */
const POLL_INTERVAL = 250;

/** Owns one watch. */
export class DirectoryChanges {
  readonly #watcher: FSWatcher | undefined;
  #wake: (() => void) | undefined;

  constructor(dir: string) {
    try {
      this.#watcher = watch(dir, () => this.#wake?.());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No inotify watches left: polling alone is slower, and enough.
      this.#watcher = undefined;
    }
  }

  /** Resolves at the first change after this call, after the poll interval, or when `signal` aborts. One waiter at a time. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, POLL_INTERVAL);
      signal.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
  }

  close(): void {
    this.#wake?.();
    this.#watcher?.close();
  }
}
