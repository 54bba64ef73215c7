// What is left of the goals at a path, which only the manager can decide, in; a number that is the same where the same is left, out.
import { type Bdd, FALSE, type Node, TRUE } from './bdd.ts';

/** Bits of a label that hold the number: native/include/table.h. */
export const RESIDUAL_SHIFT = 28;
const RESIDUALS_MAX = 7;

/**
 * Two paths with one number, not 0, are decided alike in every request, whoever makes it: what is moved from one to the other becomes no
 * more permitted, though the table does not know what is.
 */
export class ResidualNumbers {
  readonly #bdd: Bdd;
  readonly #isOfPath: (variable: number) => boolean;
  readonly #numbers = new Map<string, number>();

  /** `isOfPath`: may the truth of this variable differ from path to path? */
  constructor(bdd: Bdd, isOfPath: (variable: number) => boolean) {
    this.#bdd = bdd;
    this.#isOfPath = isOfPath;
  }

  /** Residuals as of `packLabel`: strict and lenient in turn. 0: nothing is left, or it cannot be told that it is the same, or no number is. */
  of(residuals: readonly Node[]): number {
    if (residuals.every((node) => node === TRUE || node === FALSE)) return 0;
    // A person's word is for one path.
    if (residuals.some((node, index) => node !== residuals[index ^ 1])) return 0;
    const known = this.#numbers.get(residuals.join());
    if (known !== undefined) return known;
    if (residuals.some((node) => [...this.#bdd.support(node)].some(this.#isOfPath))) return 0;
    if (this.#numbers.size >= RESIDUALS_MAX) return 0;
    const number = this.#numbers.size + 1;
    this.#numbers.set(residuals.join(), number);
    return number;
  }
}
