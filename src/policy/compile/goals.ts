// Residual decisions kept up to date while the trie is walked: which goals remain undecided, given the literal atoms that hold here.
import { type Bdd, FALSE, type Node } from './bdd.ts';

/** One decision: allowed when some permit holds and no forbid does. */
export interface Goal {
  readonly permits: readonly Node[];
  readonly forbids: readonly Node[];
}

/** Old contents of tree cells, so that what was held can be let go without computing anything. */
class UndoLog {
  readonly #trees: Node[][] = [];
  readonly #cells: number[] = [];
  readonly #contents: Node[] = [];

  get mark(): number {
    return this.#trees.length;
  }

  push(tree: Node[], cell: number): void {
    this.#trees.push(tree);
    this.#cells.push(cell);
    this.#contents.push(tree[cell]!);
  }

  backTo(mark: number): void {
    while (this.#trees.length > mark) this.#trees.pop()![this.#cells.pop()!] = this.#contents.pop()!;
  }
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

  set(index: number, guard: Node, log: UndoLog): void {
    let at = this.#size + index;
    let content = guard;
    while (content !== this.#tree[at]) {
      log.push(this.#tree, at);
      this.#tree[at] = content;
      at >>= 1;
      if (at === 0) return;
      content = this.#join(at);
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

interface Pair {
  readonly permits: Disjunction;
  readonly forbids: Disjunction;
}

export class Goals {
  readonly #bdd: Bdd;
  readonly #literals: ReadonlySet<number>;
  readonly #holding = new Set<number>();
  readonly #occurrences = new Map<number, Occurrence[]>();
  readonly #log = new UndoLog();
  /** Most actions are decided by the same policies: equal disjunctions and goals exist once. */
  readonly #disjunctions = new Map<string, Disjunction>();
  readonly #pairs: Pair[] = [];
  /** For each goal the index of its pair. */
  readonly #pairOf: readonly number[];

  /** `literals` are the variables of prefix and exact atoms; none holds at first. */
  constructor(bdd: Bdd, literals: ReadonlySet<number>, goals: readonly Goal[]) {
    this.#bdd = bdd;
    this.#literals = literals;
    this.#pairOf = goals.map(({ permits, forbids }) => this.#pair(this.#track(permits), this.#track(forbids)));
  }

  /** The residual of every goal, over the atoms still free. */
  row(): readonly Node[] {
    const residuals = this.#pairs.map(({ permits, forbids }) =>
      this.#bdd.and(permits.root, this.#bdd.not(forbids.root)),
    );
    return this.#pairOf.map((pair) => residuals[pair]!);
  }

  /** Lets an atom hold. The returned function takes that back; the one that holds last goes first. */
  hold(variable: number): () => void {
    const { mark } = this.#log;
    this.#holding.add(variable);
    const memo = new Map<Node, Node>();
    for (const { disjunction, index, guard } of this.#occurrences.get(variable) ?? []) {
      disjunction.set(index, this.#residual(guard, memo), this.#log);
    }
    return () => {
      this.#holding.delete(variable);
      this.#log.backTo(mark);
    };
  }

  #residual(guard: Node, memo: Map<Node, Node>): Node {
    const value = (variable: number): boolean | undefined =>
      this.#literals.has(variable) ? this.#holding.has(variable) : undefined;
    return this.#bdd.restrict(guard, value, memo);
  }

  #pair(permits: Disjunction, forbids: Disjunction): number {
    const known = this.#pairs.findIndex((pair) => pair.permits === permits && pair.forbids === forbids);
    return known >= 0 ? known : this.#pairs.push({ permits, forbids }) - 1;
  }

  #track(repeated: readonly Node[]): Disjunction {
    const guards = [...new Set(repeated)];
    const key = guards.join();
    const known = this.#disjunctions.get(key);
    if (known !== undefined) return known;
    const memo = new Map<Node, Node>();
    const residuals = guards.map((guard) => this.#residual(guard, memo));
    const disjunction = new Disjunction(this.#bdd, residuals);
    this.#disjunctions.set(key, disjunction);
    for (const [index, guard] of guards.entries()) {
      for (const variable of this.#bdd.support(guard)) {
        if (!this.#literals.has(variable)) continue;
        const occurrences = this.#occurrences.get(variable);
        if (occurrences === undefined) this.#occurrences.set(variable, [{ disjunction, index, guard }]);
        else occurrences.push({ disjunction, index, guard });
      }
    }
    return disjunction;
  }
}
