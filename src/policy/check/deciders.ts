// Checked policies in; for each, who decides its requests out: the table in the warden, the manager behind it, or the proxy.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import { FALSE } from '../compile/bdd.ts';
import { PathDomain } from '../compile/path-domain.ts';
import { SymbolicEvaluator, type Truth } from '../compile/symbolic.ts';
import { ACTIONS } from '../evaluate/actions.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { SessionFacts } from '../facts.ts';

/** Requests of one action that the table leaves to the manager, and what in the policy it knows nothing of: `context.args`. */
export interface Question {
  readonly action: Action;
  readonly conditions: readonly string[];
}

export interface Deciders {
  readonly id: string;
  /** Actions of the policy that the table decides by the path alone. */
  readonly table: readonly Action[];
  readonly manager: readonly Question[];
  readonly proxy: readonly Action[];
}

/** Remembers of each unknown truth what it was about. */
class WatchedDomain extends PathDomain {
  readonly #about = new Map<number, string>();

  override unknown(description: string): Truth {
    const truth = super.unknown(description);
    for (const variable of this.bdd.support(truth.yes)) this.#about.set(variable, description);
    return truth;
  }

  /** What a guard depends on besides the path: tables are walked by the resource alone, not by the program. */
  unknownsIn(guard: number): readonly string[] {
    const onProgram = new Set(this.atoms.of('context.proc.exe').map(({ variable }) => variable));
    return [...this.bdd.support(guard)].flatMap((variable) =>
      onProgram.has(variable) ? 'context.proc.exe' : (this.#about.get(variable) ?? []),
    );
  }
}

/** The references in the description of an unknown: `equal ?(context.proc."name") …` speaks of `context.proc.name`. */
export function referencesIn(description: string): readonly string[] {
  const references = description.match(/\b(?:context|principal|resource)(?:\)*\.(?:\w+|"(?:[^"\\]|\\.)*"))+/g) ?? [
    description,
  ];
  return references.map((reference) => reference.replace(/[)"]/g, ''));
}

const TABLE_ACTIONS: readonly Action[] = [...FILE_ACTIONS, 'ProcessExec'];

/**
 * Says of each policy who decides the actions it speaks of. A condition that only the manager knows counts even when other policies
 * make it irrelevant. `facts` are canonical. Throws TooComplex; `reached` is told each policy before it is looked at.
 */
export function decidersOf(
  policies: readonly Policy[],
  facts: SessionFacts,
  reached: (policy: Policy) => void = () => undefined,
): readonly Deciders[] {
  const domain = new WatchedDomain(facts);
  const evaluator = new SymbolicEvaluator(domain);
  return policies.map((policy) => {
    reached(policy);
    const actions = ACTIONS.filter((action) => {
      domain.select(action);
      return evaluator.truth(policy.scope.action).yes !== FALSE;
    });
    const questions = actions
      .filter((action) => TABLE_ACTIONS.includes(action))
      .map((action): Question & { readonly isPossible: boolean } => {
        domain.select(action);
        const guard = evaluator.satisfied(policy);
        const conditions = new Set(domain.unknownsIn(guard).flatMap(referencesIn));
        return { action, conditions: [...conditions].sort(), isPossible: guard !== FALSE };
      })
      .filter(({ isPossible }) => isPossible);
    return {
      id: policy.id,
      table: questions.filter(({ conditions }) => conditions.length === 0).map(({ action }) => action),
      manager: questions
        .filter(({ conditions }) => conditions.length > 0)
        .map(({ action, conditions }) => ({ action, conditions })),
      proxy: actions.filter((action) => !TABLE_ACTIONS.includes(action)),
    };
  });
}
