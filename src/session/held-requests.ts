// Requests of the proxy in, verdicts out, at once or when a person has spoken; what was approved stays so while it lasts.
import type { Decided } from '../decision/decision.ts';
import { isApproval, lift } from '../decision/lift.ts';
import type { Subject } from '../decision/subject.ts';
import type { Asker } from '../proxy/options.ts';
import type { Approval } from '../schema/approval.ts';
import type { Request } from '../schema/request.ts';
import { withDatagramRule } from './datagrams.ts';
import { type HeldCallsContext, isAsked, subjectNow } from './held-calls.ts';

interface Granted {
  readonly key: string;
  readonly approval: Approval;
}

export class HeldRequests {
  readonly #context: HeldCallsContext;
  /** What was approved once: a connection and the request on it are judged again after each reload. */
  readonly #granted = new WeakMap<Request, Granted>();

  constructor(context: HeldCallsContext) {
    this.#context = context;
  }

  /** The verdict as things stand: it may be a question. */
  decide(request: Request, exe?: string): Decided {
    const { decision } = this.#context;
    const decided = withDatagramRule(request, decision.decide(request), (id) => decision.set.textOf(id));
    if (!isAsked(decided)) return decided;
    const subject = subjectNow(request, decided, this.#context, exe);
    const approval = this.#standing(request, subject);
    return approval === undefined ? decided : lift(decided, approval);
  }

  /** Holds until there is a word, the policy decides without one, or `asker.signal` gives it up. */
  async ask(request: Request, asker: Asker): Promise<Decided> {
    for (;;) {
      const decided = this.decide(request, asker.exe);
      if (!isAsked(decided)) return decided;
      const subject = subjectNow(request, decided, this.#context, asker.exe);
      const settled = await this.#settled(subject, decided, asker);
      if (settled === 'again') continue;
      if (isApproval(settled)) this.#granted.set(request, { key: subject.key, approval: settled });
      // A reload that came between the word and this line is obeyed.
      if (decided.epoch === this.#context.decision.epoch) return lift(decided, settled);
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

  #settled(subject: Subject, decided: Decided, { who, signal }: Asker): Promise<Approval | 'again'> {
    const { ask: text = '', policies } = decided;
    return new Promise((resolve) => {
      const start = performance.now();
      const result = this.#context.approvals.ask({ subjects: [subject], who, text, policies }, resolve);
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
}
