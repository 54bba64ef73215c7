// A candidate policy and recorded sessions in; what it would have decided otherwise, in groups, out.
import { LeashError } from '../../host/errors.ts';
import { lastPolicyRecord } from '../../journal/policy-record.ts';
import type { SessionSummary } from '../../journal/session-list.ts';
import { Backtest, type ChangeGroup, type Origin } from '../../policy/backtest/backtest.ts';
import { Candidate } from '../../policy/backtest/candidate.ts';
import { canonicalFacts } from '../../policy/facts.ts';
import { loadPolicies } from '../../policy/load.ts';
import type { Source } from '../../policy/text/diagnostic.ts';
import type { BacktestTotals } from '../../schema/learning.ts';
import { replay } from './replay.ts';
import { RunningPrograms } from './running.ts';
import { type ReadEnd, readEvents } from './session-events.ts';

export interface TriedOn {
  readonly sessions: readonly SessionSummary[];
  /** Ids of sessions that would be among them and whose record cannot be read. */
  readonly unreadable: readonly string[];
  /** Milliseconds since the Unix epoch: earlier events are not meant. */
  readonly since: number;
}

export interface BacktestReport {
  readonly totals: BacktestTotals;
  readonly groups: readonly ChangeGroup[];
  readonly reads: readonly ReadEnd[];
  /** Ids of sessions whose record cannot be read. */
  readonly unreadable: readonly string[];
}

/** The candidate in the place of the session's own policy: with its directories, beside the statements that Leash put there. */
async function originOf({ dir, info }: SessionSummary, source: Source, cacheDir: string | undefined): Promise<Origin> {
  const { facts: recorded, guard } = lastPolicyRecord(dir);
  const facts = canonicalFacts(recorded);
  const set = await loadPolicies({ ...source, guard }, facts, {
    ...(cacheDir !== undefined && { cacheDir }),
  });
  return { session: info.id, facts, candidate: new Candidate(set) };
}

async function replaySession(
  session: SessionSummary,
  source: Source,
  { since }: TriedOn,
  test: Backtest,
  cacheDir: string | undefined,
): Promise<ReadEnd> {
  let origin: Origin;
  try {
    origin = await originOf(session, source, cacheDir);
  } catch (error) {
    // Without its directories no event of the session can be judged.
    if (!(error instanceof LeashError) || error.code !== 'LEASH_JOURNAL_CORRUPT') throw error;
    return { session: session.info.id, events: 0, torn: 0, fault: error.message };
  }
  const running = new RunningPrograms();
  return readEvents(session, ({ seq, event }) => {
    if (event.time >= since) replay(test, origin, running, seq, event);
  });
}

/** @param cacheDir where compiled sets are kept; without it none is. @throws {LeashError} LEASH_POLICY_INVALID, LEASH_WORKSPACE */
export async function tryPolicy(source: Source, tried: TriedOn, cacheDir?: string): Promise<BacktestReport> {
  const test = new Backtest();
  const reads: ReadEnd[] = [];
  for (const session of tried.sessions) reads.push(await replaySession(session, source, tried, test, cacheDir));
  return { totals: test.totals(), groups: test.groups(), reads, unreadable: tried.unreadable };
}
