// The folder of an ended session in, nothing of it left out.
import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isSessionId } from './session-id.ts';
import type { SessionSummary } from './session-list.ts';

const REMOVED = '.removed-';

/** Renamed first: what was begun and not ended is no session any more. Throws the system's error. */
export function removeSession({ dir }: Pick<SessionSummary, 'dir'>): void {
  const aside = path.join(path.dirname(dir), `${REMOVED}${path.basename(dir)}`);
  renameSync(dir, aside);
  rmSync(aside, { recursive: true });
}

/** Ends what was begun. Returns the ids. */
export function finishRemovals(root: string): readonly string[] {
  const begun = readdirSync(root).filter((name) => name.startsWith(REMOVED) && isSessionId(name.slice(REMOVED.length)));
  for (const name of begun) rmSync(path.join(root, name), { recursive: true });
  return begun.map((name) => name.slice(REMOVED.length));
}
