// What a backtest found in; one document out.
import { CHANGES, countOf } from '../../policy/backtest/backtest.ts';
import { requestJson } from '../../policy/explain/request-json.ts';
import type { BacktestReport } from './try-policy.ts';

/** The document of `leash policy backtest --json`. */
export function backtestJson({ totals, groups, reads, unreadable }: BacktestReport): unknown {
  const counts = Object.fromEntries(CHANGES.map((change) => [change, countOf(groups, change)]));
  return {
    changes: counts,
    totals,
    groups: groups.map(({ examples, ...group }) => ({
      ...group,
      examples: examples.map(({ event, request }) => ({ event, request: requestJson(request) })),
    })),
    sessions: reads,
    unreadable,
  };
}
