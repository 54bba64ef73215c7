// What was chosen on the Learn screen in, orders to the API out; and answers of it in, the texts that are shown out.
import type { SessionView } from '../../../../src/schema/api.ts';
import type { BacktestAnswer, BacktestGroup, LearnFrom, SuggestionAnswer } from '../../../../src/schema/learning.ts';

const DAY = 86_400_000;

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Sessions that were alive within the last days, the own one among them in any case; newest first. */
export function aliveWithin(
  sessions: readonly SessionView[],
  own: string,
  days: number,
  now: number,
): readonly SessionView[] {
  const since = now - days * DAY;
  return sessions.filter(({ id, ended }) => id === own || (ended ?? Number.POSITIVE_INFINITY) >= since);
}

/** @param days 0: the chosen sessions from their beginning */
export function triedOn(chosen: readonly string[], days: number, now: number): LearnFrom {
  return days === 0 ? { sessions: chosen } : { since: now - days * DAY };
}

/** What a suggestion is for, and what a text is tried behind: the policy of the session, or nothing. */
export function baseOf(isAddition: boolean): 'nothing' | 'policy' {
  return isAddition ? 'policy' : 'nothing';
}

/** A text that a suggestion is put behind; it stands alone where that is nothing. */
export function joined(before: string, suggestion: string): string {
  return before.trim() === '' ? suggestion : `${before.trimEnd()}\n\n${suggestion}`;
}

export function proofLine({ operations, events, sessions, statements }: SuggestionAnswer): string {
  if (statements.length === 0) return 'Nothing is missing: all that was recorded is permitted already, or left alone.';
  const before = operations.permitted > 0 ? `, besides ${operations.permitted} that are permitted already` : '';
  const from = `${counted(events.taken, 'event')} of ${counted(sessions.length, 'session')}`;
  return `Permits everything that it was made from: ${counted(operations.added, 'operation')} in ${from}${before}. It adds nothing but:`;
}

/** Why the group is decided so. */
export function reasonOf({ change, policies, reason }: BacktestGroup): string {
  if (policies.length === 0) return reason ?? (change === 'newly denied' ? 'nothing permits it' : '');
  return `${policies.join(', ')}${reason === undefined ? '' : `: ${reason}`}`;
}

export function verdictLine({ changes }: BacktestAnswer): string {
  const parts = (['newly denied', 'newly asked', 'newly allowed'] as const)
    .filter((change) => changes[change] > 0)
    .map((change) => `${changes[change]} ${change}`);
  return parts.length === 0 ? 'Nothing would have been decided otherwise.' : `${parts.join(', ')}.`;
}

/** What was read, and what of it could not be put to the text: nothing is left out silently. */
export function accountOf({ totals, sessions, unreadable, more }: BacktestAnswer): readonly string[] {
  const { evaluated, unchanged, own, lifecycle, unrepeatable, uncertain, unseen } = totals;
  const all = sessions.reduce((sum, { events }) => sum + events, 0);
  return [
    `${counted(evaluated, 'event')} evaluated of ${all} in ${counted(sessions.length, 'session')}; ${unchanged} unchanged`,
    ...(own > 0 ? [`${counted(own, 'event')} decided by Leash itself, whatever the policy`] : []),
    ...(lifecycle > 0 ? [`${counted(lifecycle, 'event')} of the sessions themselves`] : []),
    ...(unrepeatable > 0 ? [`not evaluated: ${counted(unrepeatable, 'event')} that the journal had to cut`] : []),
    ...(uncertain > 0
      ? [
          `uncertain: ${counted(uncertain, 'event')}, of which the journal does not keep ${unseen.join(', ')}, which the policy speaks of`,
        ]
      : []),
    ...(more > 0 ? [`${counted(more, 'smaller group')} not listed`] : []),
    ...sessions.flatMap(({ session, torn, fault }) => [
      ...(torn > 0 ? [`session ${session} did not end properly: its last ${torn} bytes are an unfinished event`] : []),
      ...(fault === undefined ? [] : [`not evaluated: the rest of session ${session}: ${fault}`]),
    ]),
    ...unreadable.map((id) => `not evaluated: session ${id}, whose record cannot be read`),
  ];
}
