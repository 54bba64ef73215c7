// `leash accept`: a session and paths in, the host's files as the agent left them out.
import { EXIT, LeashError } from '../../host/errors.ts';
import { accept as takeOver } from '../../review/accept.ts';
import { chosen } from '../../review/choose.ts';
import type { Invocation } from '../command.ts';
import { openReviewOf } from '../review/open.ts';
import { reportAccepted } from '../review/report.ts';

/** What is meant must be said: nothing at all would be all. @throws {LeashError} LEASH_USAGE */
export function requireChoice({ flags }: Invocation, words: readonly string[], command: string): void {
  if (flags.has('all') === words.length > 0)
    throw new LeashError('LEASH_USAGE', `${command} needs paths, or --all, and not both`);
}

export async function accept(invocation: Invocation): Promise<number> {
  const { review, words } = openReviewOf(invocation);
  requireChoice(invocation, words, 'accept');
  const done = takeOver(review, (all) => chosen(all, review.record, words, process.cwd()), {
    isForced: invocation.flags.has('force'),
  });
  return reportAccepted(review, done) ? EXIT.ok : EXIT.failed;
}
