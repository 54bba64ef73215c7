// `leash discard`: a session and paths in; what the agent changed there no longer waits out.
import { EXIT } from '../../host/errors.ts';
import { chosen } from '../../review/choose.ts';
import { discard as forget } from '../../review/discard.ts';
import type { Invocation } from '../command.ts';
import { openReviewOf } from '../review/open.ts';
import { countOf } from '../review/report.ts';
import { say } from '../terminal.ts';
import { requireChoice } from './accept.ts';

export async function discard(invocation: Invocation): Promise<number> {
  const { review, words } = openReviewOf(invocation);
  requireChoice(invocation, words, 'discard');
  say(`leash: ${countOf(forget(review, (all) => chosen(all, review.record, words, process.cwd())))} discarded`);
  return EXIT.ok;
}
