// Requests of the proxy in, verdicts out, at once or when a person has spoken; what was approved stays so while it lasts.
import type { Approvals } from '../decision/approvals.ts';
import type { Decided } from '../decision/decision.ts';
import { isApproval, lift } from '../decision/lift.ts';
import type { Asking, Subject } from '../decision/subject.ts';
import type { Asker } from '../proxy/options.ts';
import type { Approval } from '../schema/approval.ts';
import type { Request } from '../schema/request.ts';
import { withDatagramRule } from './datagrams.ts';
import { type HeldCallsContext, isAsked, subjectNow } from './held-calls.ts';

interface Granted {
  readonly key: string;
  readonly approval: Approval;
}

/** How the question about one subject ended, or that it must be judged again; `asker.signal` gives it up. */
export function settled(
  approvals: Approvals,
  subject: Subject,
  { ask: text = '', policies }: Pick<Decided, 'ask' | 'policies'>,
  { who, signal }: Asker,
): Promise<Approval | 'again'> {
  return new Promise((resolve) => {
    const start = performance.now();
    const result = approvals.ask({ subjects: [subject], who, text, policies }, resolve);
    if (typeof result !== 'function') {
      resolve(result);
      return;
    }
    const giveUp = (): void => {
      result();
      resolve({ by: 'withdrawn', waited: Math.round(performance.now() - start) });
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}

export class HeldRequests {
  readonly #context: HeldCallsContext;
  /** What was approved once: a connection and the request on it are judged again after each reload. */
  readonly #granted = new WeakMap<Request, Granted>();

  constructor(context: HeldCallsContext) {
    this.#context = context;
  }

  /** The verdict as things stand: it may be a question. */
  decide(request: Request, by?: Asking): Decided {
    const { decision } = this.#context;
    const decided = withDatagramRule(request, decision.decide(request), (id) => decision.set.textOf(id));
    if (!isAsked(decided)) return decided;
    const subject = subjectNow(request, decided, this.#context, by);
    const approval = this.#standing(request, subject);
    return approval === undefined ? decided : lift(decided, approval);
  }

  /** Holds until there is a word, the policy decides without one, or `asker.signal` gives it up. */
  async ask(request: Request, asker: Asker): Promise<Decided> {
    for (;;) {
      const decided = this.decide(request, asker.program);
      if (!isAsked(decided)) return decided;
      const subject = subjectNow(request, decided, this.#context, asker.program);
      const outcome = await settled(this.#context.approvals, subject, decided, asker);
      if (outcome === 'again') continue;
      if (isApproval(outcome)) this.#granted.set(request, { key: subject.key, approval: outcome });
      // A reload that came between the word and this line is obeyed.
      if (decided.epoch === this.#context.decision.epoch) return lift(decided, outcome);
    }
  }

  #standing(request: Request, subject: Subject): Approval | undefined {
    const granted = this.#granted.get(request);
    if (granted?.key === subject.key) return granted.approval;
    const standing = this.#context.approvals.standing(subject);
    if (standing !== undefined) return standing;
    if (request.action !== 'NetConnect' || !this.#context.approvals.takePass(subject)) return undefined;
    const approval: Approval = { by: 'once', waited: 0 };
    this.#granted.set(request, { key: subject.key, approval });
    return approval;
  }
}
