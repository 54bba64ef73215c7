// Changes and paths of a person's choice in; the changes that go together out. Pure.
import type { Change } from './change.ts';
import { isBelow } from './name.ts';

function becomesFolder({ before, after }: Change): boolean {
  return after?.kind === 'folder' && before?.kind !== 'folder';
}

function endsFolder({ before, after }: Change): boolean {
  return before?.kind === 'folder' && after?.kind !== 'folder';
}

function isBeneath(inner: Change, outer: Change): boolean {
  return inner.root === outer.root && isBelow(inner.path, outer.path);
}

/** What has to be taken over with the chosen ones: the new folders they lie in, and all that is gone from a folder that is gone. */
export function withNeeded(chosen: readonly Change[], all: readonly Change[]): Change[] {
  return close(
    chosen,
    all,
    (one) => (other) => (becomesFolder(other) && isBeneath(one, other)) || (endsFolder(one) && isBeneath(other, one)),
  );
}

/** What cannot be taken over any more once the chosen ones are discarded. */
export function withDependents(chosen: readonly Change[], all: readonly Change[]): Change[] {
  return close(
    chosen,
    all,
    (one) => (other) => (becomesFolder(one) && isBeneath(other, one)) || (endsFolder(other) && isBeneath(one, other)),
  );
}

function close(
  chosen: readonly Change[],
  all: readonly Change[],
  pulls: (one: Change) => (other: Change) => boolean,
): Change[] {
  // Only these pull, or are pulled: the rest need not be compared with each other.
  const folders = all.filter((change) => becomesFolder(change) || endsFolder(change));
  const taken = new Set(chosen);
  const queue = [...chosen];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    const candidates = becomesFolder(one) || endsFolder(one) ? all : folders;
    for (const other of candidates.filter(pulls(one))) {
      if (taken.has(other)) continue;
      taken.add(other);
      queue.push(other);
    }
  }
  return all.filter((change) => taken.has(change));
}
