// Judged questions of the warden's calls in, what each call may do out: a call that a person must allow is held until there is a word.
import type { Approvals } from '../decision/approvals.ts';
import { BoundedCache } from '../decision/bounded-cache.ts';
import type { Decided, Decision } from '../decision/decision.ts';
import { lift } from '../decision/lift.ts';
import { type Asking, type Subject, subjectOf } from '../decision/subject.ts';
import type { Word } from '../engine/wire-order.ts';
import type { Approval } from '../schema/approval.ts';
import type { Who } from '../schema/event.ts';
import type { Request } from '../schema/request.ts';
import type { Verdict } from '../schema/verdict.ts';

/** Calls that were answered without being held, and whose record is still to come. */
const RECORDS_DUE = 1_024;

export interface Judged {
  readonly request: Request;
  readonly decided: Decided;
}

/** Does the verdict wait for a person? Where nothing is stopped, nothing waits. */
export function isAsked(decided: Verdict & { readonly enforced: boolean }): boolean {
  return decided.ask !== undefined && decided.approval === undefined && decided.enforced;
}

export interface HeldCallsContext {
  readonly agent: string;
  readonly decision: Decision;
  readonly approvals: Approvals;
}

/** What an approval of this request is for, as things stand. */
export function subjectNow(request: Request, verdict: Verdict, context: HeldCallsContext, by?: Asking): Subject {
  const texts = verdict.policies.map((id) => context.decision.set.textOf(id) ?? id);
  return subjectOf(request, { agent: context.agent, texts, ...(by && { by }) });
}

type Outcomes = Map<Subject['key'], Approval>;

export interface CallJudgement {
  readonly word: Word;
  /** With the words that were given. */
  readonly decided: readonly Decided[];
}

export class HeldCalls {
  readonly #context: HeldCallsContext;
  readonly #resume: (call: bigint) => void;
  /** Of calls that are or were held, until they are over. */
  readonly #held = new Map<bigint, Outcomes>();
  readonly #answered = new BoundedCache<Outcomes>(RECORDS_DUE);
  readonly #giveUp = new Map<bigint, () => void>();

  /** `resume` begins a held call again. */
  constructor(context: HeldCallsContext, resume: (call: bigint) => void) {
    this.#context = context;
    this.#resume = resume;
  }

  /** All that one operation of a call needs. The word is given at once; after `hold` the call comes again. */
  judge(call: bigint, who: Who, judged: readonly Judged[]): CallJudgement {
    const { approvals } = this.#context;
    const known = this.#outcomesOf(call);
    const open: [Subject, Decided][] = [];
    const decided = judged.map(({ request, decided: verdict }) => {
      if (!isAsked(verdict)) return verdict;
      const subject = subjectNow(request, verdict, this.#context);
      const approval = known?.get(subject.key) ?? approvals.standing(subject);
      if (approval !== undefined) return lift(verdict, approval);
      open.push([subject, verdict]);
      return verdict;
    });
    const isRefused = decided.some((verdict) => verdict.effect === 'deny' && !isAsked(verdict));
    const [first, ...others] = open;
    if (isRefused) return { word: 'refuse', decided };
    if (first === undefined) return { word: 'goOn', decided };
    const subjects = [first[0], ...others.map(([subject]) => subject)] as const;
    const asked = {
      subjects,
      who,
      text: first[1].ask ?? '',
      policies: [...new Set(open.flatMap(([, verdict]) => verdict.policies))],
    };
    const result = approvals.ask(asked, (settled) => {
      this.#giveUp.delete(call);
      if (settled !== 'again') for (const { key } of subjects) this.#held.get(call)?.set(key, settled);
      this.#resume(call);
    });
    if (typeof result === 'function') {
      this.#giveUp.set(call, result);
      if (!this.#held.has(call)) this.#held.set(call, new Map(known));
      return { word: 'hold', decided };
    }
    const outcomes: Outcomes = known ?? new Map();
    for (const { key } of subjects) outcomes.set(key, result);
    if (!this.#held.has(call)) this.#answered.set(String(call), outcomes);
    return this.judge(call, who, judged);
  }

  /** The verdict that a record of the call reports: with the word that was given. */
  explain(call: bigint, request: Request, verdict: Verdict): Verdict {
    if (call === 0n || verdict.ask === undefined || this.#context.decision.mode !== 'enforce') return verdict;
    const subject = subjectNow(request, verdict, this.#context);
    const approval = this.#outcomesOf(call)?.get(subject.key) ?? this.#context.approvals.standing(subject);
    return approval === undefined ? verdict : lift(verdict, approval);
  }

  /** The call is over: it was carried out or refused, or nobody waits for it. */
  released(call: bigint): void {
    this.#giveUp.get(call)?.();
    this.#giveUp.delete(call);
    this.#held.delete(call);
  }

  #outcomesOf(call: bigint): Outcomes | undefined {
    return this.#held.get(call) ?? this.#answered.get(String(call));
  }
}
