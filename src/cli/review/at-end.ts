// A session that left changes in, a person's word about them, or that they wait, out.
import { createInterface, type Interface } from 'node:readline/promises';
import { accept } from '../../review/accept.ts';
import type { Change } from '../../review/change.ts';
import { pendingChanges } from '../../review/changes.ts';
import { nameOf } from '../../review/diff.ts';
import { discard } from '../../review/discard.ts';
import { findReview, type Review } from '../../review/record.ts';
import { printChanges, printSummary } from './print.ts';
import { countOf, reportAccepted } from './report.ts';
import { waitingLine } from './waiting.ts';

type Say = (line: string) => void;

const CHOICES = '[a]ccept all, [c]hoose, [d]iff, [k]eep for later, discard all [x]';

function kept(id: string, say: Say): void {
  say(`the changes are kept: leash diff ${id}, leash accept ${id}, leash discard ${id}`);
}

/** Yes for each change that is to be taken over; the rest waits on. */
async function choose(terminal: Interface, review: Review, changes: readonly Change[]): Promise<void> {
  const chosen: Change[] = [];
  for (const change of changes) {
    await printSummary(review, [change]);
    const word = await terminal.question(`accept ${nameOf(review, change)}? [y/N/q] `);
    if (word === 'q') break;
    if (word === 'y') chosen.push(change);
  }
  const key = ({ root, path }: Change): string => `${root}/${path}`;
  const keys = new Set(chosen.map(key));
  reportAccepted(
    review,
    accept(review, (all) => all.filter((change) => keys.has(key(change)))),
  );
}

async function ask(terminal: Interface, review: Review, say: Say): Promise<void> {
  for (;;) {
    const changes = pendingChanges(review);
    if (changes.length === 0) return;
    const word = (await terminal.question(`leash: ${countOf(changes)}: ${CHOICES} [k] `)).trim();
    if (word === 'a') {
      reportAccepted(
        review,
        accept(review, (all) => all),
      );
      if (pendingOf(review) > 0) kept(review.record.id, say);
      return;
    }
    if (word === 'x') {
      say(`${countOf(discard(review, (all) => all))} discarded`);
      return;
    }
    if (word === 'd') await printChanges(review, changes, 'diff');
    else if (word === 'c') await choose(terminal, review, changes);
    else {
      kept(review.record.id, say);
      return;
    }
  }
}

function pendingOf({ record }: Review): number {
  const review = findReview(record.id);
  return review === undefined ? 0 : pendingChanges(review).length;
}

/** Asks where somebody can answer; otherwise says in one line that the changes are kept. End of input and ^C keep them. */
export async function offerReview(id: string, pending: number, say: Say): Promise<void> {
  const review = findReview(id);
  if (review === undefined) return;
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    say(waitingLine(id, pending));
    return;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<void>((resolve) => terminal.once('close', resolve));
  try {
    let isAnswered = false;
    await Promise.race([
      ask(terminal, review, say).then(() => {
        isAnswered = true;
      }),
      ended,
    ]);
    if (!isAnswered) kept(id, say);
  } finally {
    terminal.close();
  }
}
