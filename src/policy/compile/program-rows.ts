// The residuals of a path in, its label out: plain when every program gets the same, else the number of a row with a plain label for each class.

import type { Bdd, Node } from './bdd.ts';
import type { LabelOf } from './dense.ts';
import { TABLE_ROW } from './image.ts';
import type { ProgramClasses } from './program-classes.ts';

/** Words of all rows together: 4 MB. */
const MAX_CELLS = 1 << 20;

export class ProgramRows {
  /** rows[row][class] is a plain label. */
  readonly rows: (readonly number[])[] = [];
  readonly #bdd: Bdd;
  readonly #programs: ProgramClasses;
  readonly #pack: LabelOf;
  readonly #byResiduals = new Map<string, number>();
  readonly #byContent = new Map<string, number>();

  /** `pack` makes a plain label; a residual that is not constant is a question to it. */
  constructor(bdd: Bdd, programs: ProgramClasses, pack: LabelOf) {
    this.#bdd = bdd;
    this.#programs = programs;
    this.#pack = pack;
  }

  label(residuals: readonly Node[]): number {
    const atoms = this.#programAtoms(residuals);
    if (atoms.length === 0) return this.#pack(residuals);
    const key = residuals.join();
    const known = this.#byResiduals.get(key);
    if (known !== undefined) return known;
    const label = this.#labelFor(residuals, this.#row(residuals, atoms));
    this.#byResiduals.set(key, label);
    return label;
  }

  /** The atoms of the program that some residual depends on. */
  #programAtoms(residuals: readonly Node[]): readonly number[] {
    const { known } = this.#programs;
    if (known.size === 0) return [];
    return [...new Set(residuals.flatMap((node) => this.#bdd.support(node)))].filter((variable) => known.has(variable));
  }

  #row(residuals: readonly Node[], atoms: readonly number[]): readonly number[] {
    // Few atoms matter here, so most classes come down to the same few cases.
    const cases = new Map<string, number>();
    return this.#programs.classes.map((holding) => {
      const truths = atoms.map((atom) => holding.has(atom));
      const key = truths.join();
      let label = cases.get(key);
      if (label === undefined) {
        label = this.#pack(this.#decide(residuals, new Map(atoms.map((atom, i) => [atom, truths[i]!]))));
        cases.set(key, label);
      }
      return label;
    });
  }

  #decide(residuals: readonly Node[], truths: ReadonlyMap<number, boolean>): readonly Node[] {
    const memo = new Map<Node, Node>();
    return residuals.map((node) => this.#bdd.restrict(node, (variable) => truths.get(variable), memo));
  }

  #labelFor(residuals: readonly Node[], row: readonly number[]): number {
    if (row.every((label) => label === row[0])) return row[0]!;
    const key = row.join();
    const known = this.#byContent.get(key);
    if (known !== undefined) return known;
    // No room: the manager is asked.
    if ((this.rows.length + 1) * row.length > MAX_CELLS) return this.#pack(residuals);
    const label = TABLE_ROW | (this.rows.push(row) - 1);
    this.#byContent.set(key, label);
    return label;
  }
}
