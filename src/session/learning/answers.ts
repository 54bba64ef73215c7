// A suggestion or what a backtest found in; the same in the words of the API, bounded, out.
import { CHANGES, type Change, countOf, type Example } from '../../policy/backtest/backtest.ts';
import { differenceParagraphs } from '../../policy/compare/describe.ts';
import { requestText } from '../../policy/explain/sentences.ts';
import type { BacktestAnswer, BacktestGroup, SuggestionAnswer, SuggestionProof } from '../../schema/learning.ts';
import { type SuggestionReport, suggestionNotes, suggestionText } from './suggestion-report.ts';
import type { BacktestReport } from './try-policy.ts';

/** Of each list in an answer. */
const LISTED = 200;
/** UTF-16 units of a name; an agent can make one of 4,096 bytes, and of requests longer ones. */
const NAME_MAX = 1_024;

function short(text: string): string {
  return text.length <= NAME_MAX ? text : `${text.slice(0, NAME_MAX)}…`;
}

function proofOf({ differences }: SuggestionReport['suggestion']): readonly SuggestionProof[] {
  return differences.slice(0, LISTED).map(({ setting, differences: those }) => {
    const all = differenceParagraphs(those, { old: new Map(), new: new Map() });
    return {
      workspace: setting.facts.workspace,
      differences: all
        .slice(0, LISTED)
        .map(({ heading, lines }) => ({ heading: short(heading), lines: lines.map(short) })),
      more: Math.max(0, all.length - LISTED),
    };
  });
}

export function suggestionAnswer(report: SuggestionReport): SuggestionAnswer {
  const { suggestion, gathered } = report;
  const { statements, permitted, added } = suggestion;
  return {
    policy: suggestionText(report),
    statements: statements.map((statement) => ({ ...statement, examples: statement.examples.map(short) })),
    operations: { added, permitted },
    events: gathered.counts,
    notes: suggestionNotes(report).slice(0, LISTED).map(short),
    proof: proofOf(suggestion),
    sessions: gathered.reads,
  };
}

function exampleOf({ event, request }: Example): BacktestGroup['examples'][number] {
  const colon = event.lastIndexOf(':');
  return { session: event.slice(0, colon), seq: Number(event.slice(colon + 1)), text: short(requestText(request)) };
}

export function backtestAnswer({ groups, totals, reads, unreadable }: BacktestReport): BacktestAnswer {
  // Of each kind of change, the largest: a great number of one does not hide another.
  const listed = CHANGES.flatMap((change) => groups.filter((group) => group.change === change).slice(0, LISTED));
  return {
    changes: Object.fromEntries(CHANGES.map((change) => [change, countOf(groups, change)])) as Record<Change, number>,
    totals,
    groups: listed.map(({ place, examples, ...group }) => ({
      ...group,
      place: short(place),
      examples: examples.map(exampleOf),
    })),
    more: groups.length - listed.length,
    sessions: reads,
    unreadable,
  };
}
