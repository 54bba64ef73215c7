// A session's volumes in, a folder that keeps the changes of those under review out, for as long as there are any.
import fs from 'node:fs';
import { pendingChanges } from '../review/changes.ts';
import { openReview, ownFolder, type Review } from '../review/record.ts';
import { removeReview } from '../review/whole.ts';
import { ownFilesIn, type Volume } from '../sandbox/volume.ts';
import type { SessionOptions } from './options.ts';

type Variables = Readonly<Record<string, string>>;

export class Reviewed {
  readonly #review: Review;
  readonly #env: SessionOptions['env'];

  /** @param logins copies for the agent, by where it finds them. @throws {LeashError} LEASH_REVIEW */
  constructor(id: string, volumes: readonly Volume[], env: SessionOptions['env'], logins: Variables) {
    const roots = volumes.map(({ source }) => ({ source, isFolder: fs.statSync(source).isDirectory() }));
    this.#env = env;
    this.#review = openReview(
      env,
      id,
      roots,
      volumes.map((volume) => ownFilesIn(volume, logins)),
    );
  }

  own(index: number): string {
    return ownFolder(this.#review, index);
  }

  /** The agent never ran. */
  discard(): void {
    removeReview(this.#review);
  }

  /** How many changes wait for a person's word. What cannot be read is kept, and told of. */
  end(say: (line: string) => void): number {
    try {
      const changes = pendingChanges(this.#review, this.#env);
      if (changes.length === 0) removeReview(this.#review);
      return changes.length;
    } catch (error) {
      say(`the changes are kept; ${error instanceof Error ? error.message : String(error)}`);
      return 0;
    }
  }
}
