// What a backtest found in; lines for a person out.
import { CHANGES, type Change, type ChangeGroup, countOf, type Example } from '../../policy/backtest/backtest.ts';
import { requestText } from '../../policy/explain/sentences.ts';
import type { BacktestReport } from '../../session/learning/try-policy.ts';
import { painter, print, printable, type Style } from '../terminal.ts';

/** Groups of one change that are printed without `--all`. */
const SHOWN = 20;
const STYLES: Readonly<Record<Change, Style>> = {
  'newly denied': 'red',
  'newly asked': 'yellow',
  'newly allowed': 'green',
};

function events(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

function why({ change, policies, reason }: ChangeGroup): string {
  if (policies.length === 0) return reason ?? (change === 'newly denied' ? 'nothing permits it' : '');
  return `${policies.join(', ')}${reason === undefined ? '' : `: ${reason}`}`;
}

function exampleLine({ event, request }: Example): string {
  return `${event}  ${requestText(request)}`;
}

async function printGroup(group: ChangeGroup): Promise<void> {
  const { action, place, count, first, last, examples } = group;
  const when = first === last ? day(first) : `${day(first)} to ${day(last)}`;
  const because = why(group);
  await print(`  ${String(count).padStart(7)}  ${action} ${printable(place)}`);
  await print(`           ${when}${because === '' ? '' : ` — ${printable(because)}`}`);
  for (const example of examples) await print(`           ${printable(exampleLine(example))}`);
}

async function printChange(change: Change, groups: readonly ChangeGroup[], isWhole: boolean): Promise<void> {
  const those = groups.filter((group) => group.change === change);
  if (those.length === 0) return;
  await print(painter(process.stdout)(STYLES[change], `${change}: ${events(countOf(groups, change))}`));
  for (const group of isWhole ? those : those.slice(0, SHOWN)) await printGroup(group);
  const more = those.length - SHOWN;
  if (!isWhole && more > 0) await print(`  and ${more} more ${more === 1 ? 'group' : 'groups'}; --all prints them`);
}

/** What was read, and what of it could not be put to the candidate. Nothing is left out silently. */
function accountLines({ totals, reads, unreadable }: BacktestReport): readonly string[] {
  const { evaluated, unchanged, inferred, uncertain, unseen, own, lifecycle, unrepeatable } = totals;
  const total = reads.reduce((sum, read) => sum + read.events, 0);
  return [
    `${events(evaluated)} evaluated of ${total} in ${reads.length} ${reads.length === 1 ? 'session' : 'sessions'}; ${unchanged} unchanged`,
    ...(inferred > 0
      ? [
          `and ${inferred} ${inferred === 1 ? 'request' : 'requests'} that these imply: interpreters of scripts, dynamic loaders`,
        ]
      : []),
    ...(own > 0 ? [`${events(own)} decided by Leash itself, whatever the policy`] : []),
    ...(lifecycle > 0 ? [`${events(lifecycle)} of the sessions themselves`] : []),
    ...(unrepeatable > 0 ? [`not evaluated: ${events(unrepeatable)} that the journal had to cut`] : []),
    ...(uncertain > 0
      ? [
          `uncertain: ${events(uncertain)}, of which the journal does not keep ${unseen.join(', ')}, which the policy speaks of`,
        ]
      : []),
    ...reads.flatMap(({ session, torn, fault }) => [
      ...(torn > 0 ? [`session ${session} did not end properly: its last ${torn} bytes are an unfinished event`] : []),
      ...(fault === undefined ? [] : [`not evaluated: the rest of session ${session}: ${fault}`]),
    ]),
    ...unreadable.map((id) => `not evaluated: session ${id}, whose record cannot be read`),
  ];
}

export async function printReport(report: BacktestReport, isWhole: boolean): Promise<void> {
  for (const change of CHANGES) await printChange(change, report.groups, isWhole);
  for (const line of accountLines(report)) await print(printable(line));
}
