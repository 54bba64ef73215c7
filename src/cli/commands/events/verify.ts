// A session in, the faults of its journal on standard output out.
import { EXIT } from '../../../host/errors.ts';
import type { Fault } from '../../../journal/audit/fault.ts';
import { type Verified, verifyJournal } from '../../../journal/audit/verify.ts';
import { findSession } from '../../../journal/session-list.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { jsonLine, print, printable } from '../../terminal.ts';

function faultLine({ segment, line, offset, kind, text }: Fault): string {
  return printable(`${segment} line ${line}, byte ${offset}: ${kind}: ${text}`);
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** What a person may rely on, and what not. */
function conclusion({
  id,
  state,
  intact,
  segments,
  faults,
  further,
  isSealed,
  unfinished,
}: Verified): readonly string[] {
  const count = faults.length + further;
  const read = `session ${id}: ${counted(intact, 'event')} in ${counted(segments, 'segment')}`;
  const lines = [count === 0 ? `${read}, whole` : `${read} stand where they were written; ${counted(count, 'fault')}`];
  if (further > 0) lines.push(`of the faults, ${further} are not listed`);
  if (!isSealed) {
    const why = state === 'running' ? 'The session runs' : 'The session did not end properly';
    lines.push(`${why}: nothing says how many events there are, so that a missing end is not noticed.`);
  }
  if (!isSealed && unfinished > 0) lines.push(`The last ${counted(unfinished, 'byte')} are an unfinished event.`);
  return lines;
}

/** `leash events verify`. Throws LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT. */
export async function verify(invocation: Invocation): Promise<number> {
  const result = verifyJournal(findSession(lastValue(invocation, 'session') ?? 'latest').dir);
  if (invocation.flags.has('json')) await print(jsonLine(result));
  else for (const line of [...result.faults.map(faultLine), ...conclusion(result)]) await print(line);
  return result.faults.length === 0 ? EXIT.ok : EXIT.failed;
}
