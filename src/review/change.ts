// The words of a review: what was, what the agent made of it, and what stands in the way of taking it over.
import type { BytePath } from './name.ts';

export type EntryKind = 'file' | 'folder' | 'link' | 'special';

/** One entry of a folder, as lstat(2) tells of it. */
export interface Entry {
  readonly kind: EntryKind;
  /** Permission bits and set-id bits, 07777. */
  readonly mode: number;
  readonly size: number;
  /** Of a link: where it leads, a character a byte. */
  readonly target?: string;
}

/** What can tell an entry from the same one changed: a number each, as text, since they do not fit. */
export interface Stamp {
  readonly kind: EntryKind;
  readonly dev: string;
  readonly ino: string;
  readonly size: string;
  readonly mtime: string;
  readonly ctime: string;
}

export interface Change {
  /** Index of the reviewed place in the review's record. */
  readonly root: number;
  readonly path: BytePath;
  /** On the host now; absent: nothing. */
  readonly before?: Entry;
  /** What the agent left; absent: nothing. */
  readonly after?: Entry;
  /** Of what is on the host now; absent: nothing. */
  readonly stamp?: Stamp;
  /** Somebody else changed the host's file since the session began: it is taken over only by force. */
  readonly isConflict: boolean;
  /** Why it is never taken over. */
  readonly refused?: string;
  /** What of it is not taken over. */
  readonly note?: string;
}

/** One letter, as people know it: added, deleted, modified, type changed. */
export function letterOf({ before, after }: Change): 'A' | 'D' | 'M' | 'T' {
  if (before === undefined) return 'A';
  if (after === undefined) return 'D';
  return before.kind === after.kind ? 'M' : 'T';
}
