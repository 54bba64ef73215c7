// Sessions in; the evidence that their journals hold, and a count of what is none, out.
import { LeashError } from '../../host/errors.ts';
import { lastPolicyRecord } from '../../journal/policy-record.ts';
import type { SessionSummary } from '../../journal/session-list.ts';
import { recordedOutcome } from '../../policy/backtest/recorded.ts';
import type { GuardedChecker } from '../../policy/check/check-guarded.ts';
import { readPolicy } from '../../policy/evaluate/policy.ts';
import { canonicalFacts } from '../../policy/facts.ts';
import { Evidence, type Setting } from '../../policy/suggest/evidence.ts';
import type { Source } from '../../policy/text/diagnostic.ts';
import type { Event } from '../../schema/event.ts';
import { recordedRequests } from './recorded-requests.ts';
import { RunningPrograms } from './running.ts';
import { type ReadEnd, readEvents } from './session-events.ts';

export interface GatherOptions {
  /** The policy that is added to; an empty text where there is none. */
  readonly base: Source;
  readonly checker: GuardedChecker;
  /** A day in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
  readonly withDenied: boolean;
}

export interface Gathered {
  readonly evidence: Evidence;
  readonly reads: readonly ReadEnd[];
  /** Events: taken as evidence; denied, and left out for that; put to a person; cut in the journal. */
  readonly counts: { readonly taken: number; readonly denied: number; readonly asked: number; readonly cut: number };
}

/** Sessions with the same directories, user and statements of Leash are judged alike. */
class Settings {
  readonly #known = new Map<string, Setting>();
  readonly #options: GatherOptions;

  constructor(options: GatherOptions) {
    this.#options = options;
  }

  /** Throws LEASH_JOURNAL_CORRUPT, LEASH_POLICY_INVALID. */
  of({ dir }: SessionSummary): Setting {
    const { facts: recorded, guard } = lastPolicyRecord(dir);
    const facts = { ...canonicalFacts(recorded), session: 'none' };
    const key = JSON.stringify([facts, guard]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { base, checker, today } = this.#options;
    const setting = { facts, base: checker.check({ ...base, guard }, today).policies.map(readPolicy) };
    this.#known.set(key, setting);
    return setting;
  }
}

/** @throws {LeashError} LEASH_JOURNAL_CORRUPT when a journal or a session's policy cannot be trusted, LEASH_POLICY_INVALID, LEASH_USAGE */
export async function gather(sessions: readonly SessionSummary[], options: GatherOptions): Promise<Gathered> {
  const evidence = new Evidence();
  const settings = new Settings(options);
  const counts = { taken: 0, denied: 0, asked: 0, cut: 0 };
  const take = (session: string, setting: Setting, event: Event): void => {
    const recorded = recordedRequests(event);
    const outcome = recordedOutcome(event);
    // Suggestions are about files, programs and hosts.
    if (recorded === undefined || outcome === 'own' || event.action === 'McpCall') return;
    if (outcome === 'ask') counts.asked++;
    else if (recorded.isCut) counts.cut++;
    else if (outcome === 'deny' && !options.withDenied) counts.denied++;
    else {
      counts.taken++;
      const { requests } = recorded;
      const target = event.target?.type === 'path' ? { target: event.target.path } : {};
      const succeeded = event.error === undefined && outcome === 'allow';
      evidence.add({ session, setting, requests, succeeded, ...target });
    }
  };
  const reads: ReadEnd[] = [];
  for (const session of sessions) {
    const setting = settings.of(session);
    const running = new RunningPrograms();
    const read = await readEvents(session, ({ event }) => {
      const requests = running.impliedBy(event);
      if (event.time < options.since) return;
      take(session.info.id, setting, event);
      evidence.add({ session: session.info.id, setting, requests, succeeded: true });
    });
    // A policy is not made from what somebody may have written in.
    if (read.fault !== undefined)
      throw new LeashError('LEASH_JOURNAL_CORRUPT', `session ${read.session}: ${read.fault}`);
    reads.push(read);
  }
  return { evidence, reads, counts };
}
