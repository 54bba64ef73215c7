// Residual decisions kept up to date while the trie is walked: which goals remain undecided, given the literal atoms that hold here.
import { type Bdd, FALSE, type Node } from './bdd.ts';

/** One decision: allowed when some permit holds and no forbid does. */
export interface Goal {
  readonly permits: readonly Node[];
  readonly forbids: readonly Node[];
}

/** Disjunction of many guards in which one can be replaced in logarithmic time. */
class Disjunction {
  readonly #bdd: Bdd;
  readonly #size: number;
  readonly #tree: Node[];

  constructor(bdd: Bdd, guards: readonly Node[]) {
    this.#bdd = bdd;
    this.#size = 2 ** Math.ceil(Math.log2(Math.max(1, guards.length)));
    this.#tree = new Array<Node>(2 * this.#size).fill(FALSE);
    for (const [i, guard] of guards.entries()) this.#tree[this.#size + i] = guard;
    for (let i = this.#size - 1; i > 0; i--) this.#tree[i] = this.#join(i);
  }

  get root(): Node {
    return this.#tree[1]!;
  }

  get(index: number): Node {
    return this.#tree[this.#size + index]!;
  }

  set(index: number, guard: Node): void {
    let at = this.#size + index;
    this.#tree[at] = guard;
    for (at >>= 1; at >= 1; at >>= 1) {
      const joined = this.#join(at);
      if (joined === this.#tree[at]) return;
      this.#tree[at] = joined;
    }
  }

  #join(at: number): Node {
    return this.#bdd.or(this.#tree[2 * at]!, this.#tree[2 * at + 1]!);
  }
}

interface Occurrence {
  readonly disjunction: Disjunction;
  readonly index: number;
  /** As the policy wrote it, with every atom free. */
  readonly guard: Node;
}

export class Goals {
  readonly #bdd: Bdd;
  readonly #literals: ReadonlySet<number>;
  readonly #holding = new Set<number>();
  readonly #occurrences = new Map<number, Occurrence[]>();
  readonly #pairs: readonly { readonly permits: Disjunction; readonly forbids: Disjunction }[];

  /** `literals` are the variables of prefix and exact atoms; none holds at first. */
  constructor(bdd: Bdd, literals: ReadonlySet<number>, goals: readonly Goal[]) {
    this.#bdd = bdd;
    this.#literals = literals;
    this.#pairs = goals.map(({ permits, forbids }) => ({
      permits: this.#track(permits),
      forbids: this.#track(forbids),
    }));
  }

  /** The residual of every goal, over the atoms still free. */
  row(): readonly Node[] {
    return this.#pairs.map(({ permits, forbids }) => this.#bdd.and(permits.root, this.#bdd.not(forbids.root)));
  }

  /** Lets an atom hold (none for undefined); the returned function takes that back. */
  hold(variable: number | undefined): () => void {
    if (variable === undefined) return () => undefined;
    const occurrences = this.#occurrences.get(variable) ?? [];
    const before = occurrences.map(({ disjunction, index }) => disjunction.get(index));
    this.#holding.add(variable);
    for (const { disjunction, index, guard } of occurrences) disjunction.set(index, this.#residual(guard));
    return () => {
      this.#holding.delete(variable);
      for (const [i, { disjunction, index }] of occurrences.entries()) disjunction.set(index, before[i]!);
    };
  }

  #residual(guard: Node): Node {
    return this.#bdd.restrict(guard, (variable) =>
      this.#literals.has(variable) ? this.#holding.has(variable) : undefined,
    );
  }

  #track(guards: readonly Node[]): Disjunction {
    const disjunction = new Disjunction(
      this.#bdd,
      guards.map((guard) => this.#residual(guard)),
    );
    for (const [index, guard] of guards.entries()) {
      for (const variable of this.#bdd.support(guard)) {
        if (!this.#literals.has(variable)) continue;
        const occurrences = this.#occurrences.get(variable) ?? [];
        occurrences.push({ disjunction, index, guard });
        this.#occurrences.set(variable, occurrences);
      }
    }
    return disjunction;
  }
}
