// A suggestion in; its Cedar text, what a person should know of it, or one document, out.
import { formatPolicyText } from '../../policy/check/cedar.ts';
import { differenceJson } from '../../policy/compare/describe.ts';
import { requestJson } from '../../policy/explain/request-json.ts';
import { requestText } from '../../policy/explain/sentences.ts';
import type { Suggestion } from '../../policy/suggest/suggest.ts';
import type { LeftAlone } from '../../policy/suggest/wanted.ts';
import type { Gathered } from './gather.ts';

export interface SuggestionReport {
  readonly suggestion: Suggestion;
  readonly gathered: Gathered;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Numbers and fixed words: a comment holds no name that an agent chose. */
function header({ suggestion, gathered }: SuggestionReport): string {
  const { permitted, added, statements } = suggestion;
  const wide = statements.filter(({ widening }) => widening !== undefined).length;
  const before = permitted > 0 ? `, besides ${permitted} that are permitted already` : '';
  return [
    `// Suggested from ${counted(gathered.counts.taken, 'event')} of ${counted(gathered.reads.length, 'session')}: ${counted(added, 'operation')}${before}.`,
    '// Any program of the session may do what is permitted here, with any arguments, and requests with any query, headers and body.',
    ...(wide === 0
      ? []
      : [`// ${counted(wide, 'statement')} widened beyond what was seen, as each says; \`--exact\` widens nothing.`]),
  ].join('\n');
}

/** The Cedar text; one comment when nothing is missing. */
export function suggestionText(report: SuggestionReport): string {
  const { statements } = report.suggestion;
  if (statements.length === 0)
    return '// Nothing is missing: all that was recorded is permitted already, or left alone on purpose.\n';
  const text = statements.map((statement) => statement.text).join('\n\n');
  return `${header(report)}\n\n${formatPolicyText(text) ?? text}`;
}

const WHY: Readonly<Record<LeftAlone['why'], string>> = {
  forbidden: 'forbidden by',
  asked: 'asked about by',
  kept: 'kept out of every suggestion by',
  nameless: 'with a name that no policy can hold',
};

const EXAMPLES = 3;

function leftAloneLines(leftAlone: readonly LeftAlone[]): readonly string[] {
  const groups = new Map<string, LeftAlone[]>();
  for (const each of leftAlone) {
    const heading = [WHY[each.why], each.policies.join(', ')].join(' ').trim();
    const because = each.reason === undefined ? heading : `${heading}: ${each.reason}`;
    const group = groups.get(because) ?? [];
    group.push(each);
    groups.set(because, group);
  }
  return [...groups].flatMap(([because, those]) => [
    `not suggested: ${counted(those.length, 'operation')} ${because}`,
    ...those.slice(0, EXAMPLES).map(({ seen }) => `  ${requestText(seen.request)}`),
  ]);
}

/** For the person, beside the policy; names in it are the agent's. */
export function suggestionNotes({ suggestion, gathered }: SuggestionReport): readonly string[] {
  const { statements, leftAlone } = suggestion;
  const { counts } = gathered;
  return [
    ...statements.flatMap(({ id, widening, names }) =>
      widening === undefined ? [] : [`widened: ${id} permits ${widening}, from ${counted(names, 'name')}`],
    ),
    ...leftAloneLines(leftAlone),
    ...(counts.denied > 0
      ? [`not suggested: ${counted(counts.denied, 'event')} that were denied; --include-denied takes them`]
      : []),
    ...(counts.asked > 0 ? [`not suggested: ${counted(counts.asked, 'event')} that a person was asked about`] : []),
    ...(counts.cut > 0 ? [`not suggested: ${counted(counts.cut, 'event')} that the journal had to cut`] : []),
  ];
}

/** The document of `leash policy suggest --json`. */
export function suggestionJson(report: SuggestionReport): unknown {
  const { suggestion, gathered } = report;
  const { statements, leftAlone, permitted, added, differences } = suggestion;
  return {
    policy: suggestionText(report),
    statements,
    operations: { added, permitted },
    events: gathered.counts,
    leftAlone: leftAlone.map(({ seen, ...why }) => ({
      ...why,
      request: requestJson(seen.request),
      events: seen.events,
    })),
    differences: differences.map(({ setting, differences: those }) => ({
      workspace: setting.facts.workspace,
      differences: those.map(differenceJson),
    })),
    sessions: gathered.reads,
  };
}
