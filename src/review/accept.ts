// Changes that a person chose in; the host's files as the agent left them out, each either old or new whatever happens meanwhile.
import path from 'node:path';
import { type Applied, begin, type Prepared, setFolderMode, standsAlone, type Task, way } from './apply.ts';
import type { Change } from './change.ts';
import { pendingChanges } from './changes.ts';
import { syncFile } from './copy-file.ts';
import { HeldFolder } from './held-folder.ts';
import { declare, declared, type Intent, withdraw } from './intent.ts';
import { fromText } from './name.ts';
import { Originals } from './originals.ts';
import { openSource, ownFolder, type Review } from './record.ts';
import type { Located } from './same.ts';
import { withDependents, withNeeded } from './select.ts';
import { settle } from './settled.ts';
import { exclusively, removeSettled } from './whole.ts';

export interface AcceptOptions {
  /** Also over what somebody else changed since the session began; that is kept. */
  readonly isForced?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Told before each act on the disk. */
  readonly step?: (act: string) => void;
}

export interface Accepted {
  readonly accepted: readonly Change[];
  /** Left as they were, because the host's file is another than the agent saw. */
  readonly conflicts: readonly Change[];
  /** Never taken over, and what needs those. */
  readonly refused: readonly Change[];
  /** Where the replaced work of others lies. */
  readonly kept: readonly string[];
}

interface Sides {
  readonly source: HeldFolder;
  readonly from: HeldFolder;
}

/** Descriptors are held for each, and nothing of a batch is done before all of it is on the disk. */
const MOST_TOGETHER = 256;

/** In their order; what has to stand alone stands alone. */
function batches(changes: readonly Change[]): Change[][] {
  const all: Change[][] = [];
  let isOpen = false;
  for (const change of changes) {
    const last = all.at(-1);
    const isAlone = standsAlone(change);
    if (last !== undefined && isOpen && !isAlone && last.length < MOST_TOGETHER) last.push(change);
    else all.push([change]);
    isOpen = !isAlone;
  }
  return all;
}

class Run {
  readonly #review: Review;
  readonly #options: AcceptOptions;
  readonly #originals: Originals;
  readonly #sides = new Map<number, Sides>();

  constructor(review: Review, options: AcceptOptions) {
    this.#review = review;
    this.#options = options;
    this.#originals = new Originals(review);
  }

  #side(root: number): Sides {
    const known = this.#sides.get(root);
    if (known !== undefined) return known;
    const place = this.#review.record.roots[root];
    if (place === undefined) throw new Error(`no place ${root} in the review`);
    const own = ownFolder(this.#review, root);
    const source = openSource(place);
    const sides = { source, from: HeldFolder.open(place.isFolder ? path.join(own, 'upper') : own) };
    this.#sides.set(root, sides);
    return sides;
  }

  /** Prepares as many as go together; then all is on the disk, and then each is carried out, and that is on the disk. */
  #batch(changes: readonly Change[], first: number, isForced: boolean): Applied[] {
    const open: Located[] = [];
    try {
      const begun = changes.map((change, index) => this.#begin(change, first + index, isForced, open));
      for (const one of begun) if (one.state === 'prepared') for (const file of one.files) syncFile(file);
      this.#originals.sync();
      const applied = begun.map((one) => (one.state === 'prepared' ? one.commit() : one));
      for (const { folder } of open) folder.sync();
      return applied;
    } finally {
      for (const { folder } of open) folder.close();
    }
  }

  #begin(change: Change, number: number, isForced: boolean, open: Located[]): Applied | Prepared {
    const task = this.#task(change);
    const where = way(task);
    if ('state' in where) return where;
    open.push(where);
    const isFolder = this.#review.record.roots[change.root]?.isFolder;
    const from = change.after && this.#side(change.root).from.walk(isFolder === false ? 'file' : change.path);
    try {
      const temporary = fromText(`.leash-${this.#review.record.id}-${number}`);
      return begin({ ...task, number, from, isForced, temporary, originals: this.#originals }, where);
    } finally {
      from?.folder.close();
    }
  }

  #task(change: Change): Pick<Task, 'change' | 'source' | 'path' | 'step'> {
    const place = this.#review.record.roots[change.root];
    return {
      change,
      source: this.#side(change.root).source,
      path: place?.isFolder === false ? fromText(path.basename(place.source)) : change.path,
      step: this.#options.step ?? (() => undefined),
    };
  }

  /** What is gone goes first, the innermost before what holds it; then what is new, from the outside in; modes of folders last. */
  carryOut({ changes, isForced }: Intent): Pick<Accepted, 'accepted' | 'conflicts' | 'kept'> {
    const removals = changes.filter(({ after }) => after === undefined).reverse();
    const makes = changes.filter(({ after }) => after !== undefined);
    const conflicts = new Set<Change>();
    const kept: string[] = [];
    let first = 0;
    for (const batch of batches([...removals, ...makes])) {
      const applied = this.#batch(batch, first, isForced);
      applied.forEach((one, index) => {
        const change = batch[index];
        if (one.state === 'conflict' && change !== undefined) conflicts.add(change);
        else if (one.state === 'done' && one.kept !== undefined) kept.push(one.kept);
      });
      first += batch.length;
    }
    const accepted = changes.filter((change) => !conflicts.has(change));
    for (const change of accepted.toReversed()) if (change.after?.kind === 'folder') setFolderMode(this.#task(change));
    return { accepted, conflicts: [...conflicts], kept };
  }

  /** The order makes each step repeatable: nothing is forgotten before what it stands for is on the disk. */
  finish(accepted: readonly Change[]): void {
    const step = this.#options.step ?? (() => undefined);
    step('settle');
    settle(this.#review, accepted);
    step('withdraw');
    withdraw(this.#review);
    step('forget');
    this.#originals.forget();
  }

  close(): void {
    for (const { source, from } of this.#sides.values()) {
      source.close();
      from.close();
    }
  }
}

function carryOut(review: Review, intent: Intent, options: AcceptOptions): ReturnType<Run['carryOut']> {
  const run = new Run(review, options);
  try {
    const done = run.carryOut(intent);
    run.finish(done.accepted);
    return done;
  } finally {
    run.close();
  }
}

/** Ends what a crash left half done. Nothing to do, mostly. */
export function resume(review: Review, options: AcceptOptions = {}): ReturnType<Run['carryOut']> | undefined {
  const intent = declared(review);
  return intent && carryOut(review, intent, options);
}

/**
 * Takes changes over, with the folders they need.
 * @param choose from all that waits
 * @throws {LeashError} LEASH_REVIEW, after which the same call goes on where it stopped
 */
export function accept(
  review: Review,
  choose: (all: readonly Change[]) => readonly Change[],
  options: AcceptOptions = {},
): Accepted {
  return exclusively(review, () => {
    const begun = resume(review, options);
    const all = pendingChanges(review, options.env);
    const chosen = withNeeded(choose(all), all);
    const refused = withDependents(
      chosen.filter((change) => change.refused !== undefined),
      chosen,
    );
    const foreign = chosen.filter((change) => change.isConflict && options.isForced !== true);
    const conflicts = withDependents(foreign, chosen);
    const left = new Set([...refused, ...conflicts]);
    const changes = chosen.filter((change) => !left.has(change));
    let done: ReturnType<Run['carryOut']> = { accepted: [], conflicts: [], kept: [] };
    if (changes.length > 0) {
      const intent: Intent = { v: 1, isForced: options.isForced === true, changes };
      options.step?.('declare');
      declare(review, intent);
      done = carryOut(review, intent, options);
    }
    removeSettled(review, options.env, options.step);
    return {
      accepted: [...(begun?.accepted ?? []), ...done.accepted],
      conflicts: [...conflicts, ...(begun?.conflicts ?? []), ...done.conflicts],
      refused,
      kept: [...(begun?.kept ?? []), ...done.kept],
    };
  });
}
