// Recorded sessions in; the Cedar policy that permits what was done in them, out.
import { EXIT } from '../../../host/errors.ts';
import type { Source } from '../../../policy/text/diagnostic.ts';
import { suggestFrom } from '../../../session/learning/suggest-from.ts';
import { suggestionJson, suggestionNotes, suggestionText } from '../../../session/learning/suggestion-report.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { chosenSessions } from '../../policy/chosen-sessions.ts';
import { readSource } from '../../policy/source.ts';
import { jsonLine, print, printable, say } from '../../terminal.ts';

async function baseOf(named: string | undefined): Promise<Source> {
  if (named === undefined) return { name: 'nothing', text: '' };
  const { file: _, ...source } = await readSource(named);
  return source;
}

/** Without words and an age, the last session. */
function wordsOf({ words, values }: Invocation): readonly string[] {
  return words.length === 0 && !values.has('since') ? ['latest'] : words;
}

/**
 * `leash policy suggest`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT.
 */
export async function suggest(invocation: Invocation): Promise<number> {
  const { flags } = invocation;
  const base = await baseOf(lastValue(invocation, 'policy'));
  const { sessions, since } = chosenSessions(invocation, wordsOf(invocation));
  const wishes = { base, since, withDenied: flags.has('include-denied'), isExact: flags.has('exact') };
  const report = await suggestFrom(sessions, wishes);
  if (flags.has('json')) await print(jsonLine(suggestionJson(report)));
  else {
    await print(suggestionText(report).trimEnd());
    for (const line of suggestionNotes(report)) say(`leash: ${printable(line)}`);
  }
  return EXIT.ok;
}
