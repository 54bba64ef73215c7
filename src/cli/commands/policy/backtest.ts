// A candidate policy and recorded sessions in; what it would have decided otherwise, in groups, out.
import { EXIT, LeashError } from '../../../host/errors.ts';
import { cacheDir } from '../../../host/paths.ts';
import { countOf } from '../../../policy/backtest/backtest.ts';
import { backtestJson } from '../../../session/learning/backtest-json.ts';
import { type BacktestReport, tryPolicy } from '../../../session/learning/try-policy.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { printReport } from '../../policy/backtest-report.ts';
import { chosenSessions } from '../../policy/chosen-sessions.ts';
import { readSource } from '../../policy/source.ts';
import { jsonLine, print } from '../../terminal.ts';

function statusOf({ groups, reads, unreadable }: BacktestReport): number {
  if (countOf(groups, 'newly denied') > 0) return EXIT.failed;
  return unreadable.length > 0 || reads.some(({ fault }) => fault !== undefined) ? EXIT.journal : EXIT.ok;
}

/** `leash policy backtest`. Throws LEASH_USAGE, LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_WORKSPACE, LEASH_SESSION_UNKNOWN. */
export async function backtest(invocation: Invocation): Promise<number> {
  const named = lastValue(invocation, 'policy');
  if (named === undefined) throw new LeashError('LEASH_USAGE', 'say which policy to try: --policy team.cedar');
  const { file: _, ...source } = await readSource(named);
  const chosen = chosenSessions(invocation, invocation.words);
  const report = await tryPolicy(source, chosen, cacheDir());
  if (invocation.flags.has('json')) await print(jsonLine(backtestJson(report)));
  else await printReport(report, invocation.flags.has('all'));
  return statusOf(report);
}
