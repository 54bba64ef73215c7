// Policies in; their faults, notes and deciders out.

import { EXIT } from '../../../host/errors.ts';
import { cedarSchema } from '../../../policy/cedar-schema.ts';
import { MOST_SHOWN } from '../../../policy/check/check.ts';
import type { Deciders } from '../../../policy/check/deciders.ts';
import { type CheckReport, checkReport, findingOf } from '../../../policy/check/report.ts';
import { statementName } from '../../../policy/explain/sentences.ts';
import { today } from '../../../policy/load.ts';
import { type Diagnostic, placeName, renderDiagnostic, type Source } from '../../../policy/text/diagnostic.ts';
import type { Invocation } from '../../command.ts';
import { outsideFacts } from '../../policy/facts.ts';
import { readSources } from '../../policy/source.ts';
import { jsonLine, type Paint, painter, print, printable } from '../../terminal.ts';

function faultLines(source: Source, fault: Diagnostic, paint: Paint): readonly string[] {
  const [first = '', ...rest] = renderDiagnostic(source, fault);
  return [paint('red', first), ...rest];
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** What the manager is asked about, one line a policy and set of conditions. */
function managerLines({ policies }: CheckReport): readonly string[] {
  return policies.flatMap(({ statement, deciders }) => {
    const byCondition = new Map<string, string[]>();
    for (const { action, conditions } of deciders?.manager ?? []) {
      const key = conditions.join(', ');
      byCondition.set(key, [...(byCondition.get(key) ?? []), action]);
    }
    return [...byCondition].map(
      ([conditions, actions]) => `  ${statementName(statement)}: ${actions.join(', ')} because of ${conditions}`,
    );
  });
}

function summary(report: CheckReport): string {
  const deciders = report.policies.flatMap(({ deciders: decider }): readonly Deciders[] => (decider ? [decider] : []));
  const asks = deciders.filter(({ manager }) => manager.length > 0).length;
  const proxied = deciders.filter(({ proxy }) => proxy.length > 0).length;
  const tables = deciders.filter(({ table, manager }) => table.length > 0 && manager.length === 0).length;
  const all = count(report.policies.length, 'policy', 'policies');
  return `${report.source.name}: ${all}, no faults; by the table alone ${tables}, by the manager ${asks}, by the proxy ${proxied}`;
}

function reportLines(report: CheckReport, paint: Paint): readonly string[] {
  const { source, faults, notes } = report;
  const noted = notes.map((note) =>
    paint('yellow', `${placeName(source, note.start)}: note: ${printable(note.message)}`),
  );
  if (faults.length > 0) {
    return [
      ...faults.slice(0, MOST_SHOWN).flatMap((fault) => faultLines(source, fault, paint)),
      ...(faults.length > MOST_SHOWN ? [`… and ${faults.length - MOST_SHOWN} more`] : []),
      ...noted,
      `${source.name}: ${count(faults.length, 'fault', 'faults')}`,
    ];
  }
  const asked = managerLines(report);
  return [...noted, summary(report), ...(asked.length === 0 ? [] : ['the manager is asked about', ...asked])];
}

function reportJson({ source, faults, notes, policies }: CheckReport): unknown {
  return {
    name: source.name,
    ok: faults.length === 0,
    faults: faults.map((fault) => findingOf(source, fault)),
    notes: notes.map((note) => findingOf(source, note)),
    policies: policies.map(({ statement, deciders }) => {
      const { id, effect, line, column, mode, expired } = statement;
      const { table = [], manager = [], proxy = [] } = deciders ?? {};
      return { id, effect, line, column, mode, expired, table, manager, proxy };
    }),
  };
}

/** `leash policy check`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_WORKSPACE. */
export async function check(invocation: Invocation): Promise<number> {
  const sources = await readSources(invocation.words);
  // Which hosts a role stands for makes no difference to what is right.
  const facts = await outsideFacts(invocation, '');
  const reports = sources.map((source) => checkReport(source, cedarSchema(), facts, today()));
  if (invocation.flags.has('json')) await print(jsonLine({ files: reports.map(reportJson) }));
  else {
    const paint = painter(process.stdout);
    for (const report of reports) for (const line of reportLines(report, paint)) await print(line);
  }
  return reports.some(({ faults }) => faults.length > 0) ? EXIT.failed : EXIT.ok;
}
