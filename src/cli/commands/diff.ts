// `leash diff`: a session in, what its agent changed out; nothing is changed.
import { EXIT } from '../../host/errors.ts';
import { chosen } from '../../review/choose.ts';
import type { Invocation } from '../command.ts';
import { openReviewOf } from '../review/open.ts';
import { type Form, printChanges } from '../review/print.ts';

function formOf({ flags }: Invocation): Form {
  return flags.has('json') ? 'json' : flags.has('stat') ? 'stat' : 'diff';
}

export async function diff(invocation: Invocation): Promise<number> {
  const { review, changes, words } = openReviewOf(invocation);
  await printChanges(review, chosen(changes, review.record, words, process.cwd()), formOf(invocation));
  return EXIT.ok;
}
