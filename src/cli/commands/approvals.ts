// Running sessions and the user's kept approvals in, lists on standard output out.
import { KeptApprovals } from '../../decision/kept-approvals.ts';
import { EXIT, LeashError } from '../../host/errors.ts';
import { configDir } from '../../host/paths.ts';
import type { KeptApproval } from '../../schema/approval.ts';
import type { Invocation } from '../command.ts';
import { openQuestions } from '../open-questions.ts';
import { questionLines } from '../question-text.ts';
import { jsonLine, print, printable, say } from '../terminal.ts';

function keptLine({ id, given, agent, exe, via, action, resource }: KeptApproval): string {
  const day = new Date(given).toISOString().slice(0, 10);
  const by = `${exe === '' ? '' : ` by ${exe}`}${via === undefined ? '' : ` via ${via}`}`;
  return printable(`${id}  ${day}  ${agent}  ${action} ${resource}${by}`);
}

async function listKept(isJson: boolean): Promise<void> {
  const kept = new KeptApprovals(configDir()).list();
  for (const approval of kept) await print(isJson ? jsonLine(approval) : keptLine(approval));
  if (kept.length === 0 && !isJson) say('leash: nothing is approved for always.');
}

function forget(ids: readonly string[]): void {
  const kept = new KeptApprovals(configDir());
  const known = new Set(kept.list().map(({ id }) => id));
  const unknown = ids.filter((id) => id !== 'all' && !known.has(id));
  if (unknown.length > 0) {
    throw new LeashError(
      'LEASH_QUESTION_UNKNOWN',
      `nothing was approved under ${unknown.map((id) => JSON.stringify(id)).join(', ')}`,
    );
  }
  const count = kept.remove(({ id }) => ids.includes('all') || ids.includes(id));
  say(`leash: ${count} approval${count === 1 ? '' : 's'} taken back.`);
}

async function listOpen(isJson: boolean): Promise<void> {
  const open = await openQuestions(say);
  for (const { session, question } of open) {
    if (isJson) await print(jsonLine({ session: session.info.id, ...question }));
    else for (const line of questionLines(question, session.info.id, Date.now())) await print(line);
  }
  if (open.length === 0 && !isJson) say('leash: no question is open.');
}

/** `leash approvals`. Throws LEASH_APPROVALS, LEASH_QUESTION_UNKNOWN, LEASH_USAGE. */
export async function approvals(invocation: Invocation): Promise<number> {
  const { flags, values } = invocation;
  const ids = values.get('forget');
  const isJson = flags.has('json');
  if (ids !== undefined && (flags.has('kept') || isJson)) {
    throw new LeashError('LEASH_USAGE', '--forget goes with no other option');
  }
  if (ids !== undefined) forget(ids);
  else if (flags.has('kept')) await listKept(isJson);
  else await listOpen(isJson);
  return EXIT.ok;
}
