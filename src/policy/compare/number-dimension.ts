// The values of a number, cut where a policy's bounds lie.
import { type Bdd, FALSE, type Node } from '../compile/bdd.ts';
import type { Interval, NumberSubject } from '../compile/number-subject.ts';
import { type Dimension, groupByRest, type Part } from './dimension.ts';

/** `443`, `1024 to 65535`; of many intervals only the first ones. */
function words(intervals: readonly Interval[]): string {
  const shown = intervals.slice(0, 3).map(({ low, high }) => (low === high ? `${low}` : `${low} to ${high}`));
  const more = intervals.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more ranges` : '');
}

/** Adjacent intervals as one. */
function joined(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const interval of intervals) {
    const last = result.at(-1);
    if (last !== undefined && last.high + 1n === interval.low)
      result[result.length - 1] = { low: last.low, high: interval.high };
    else result.push(interval);
  }
  return result;
}

export class NumberDimension implements Dimension {
  readonly name: string;
  readonly #bdd: Bdd;
  readonly #subject: NumberSubject;
  readonly #usual: bigint | undefined;

  /** `usual` is preferred to other numbers; the lowest when undefined. */
  constructor(bdd: Bdd, subject: NumberSubject, usual: bigint | undefined) {
    this.name = subject.name;
    this.#bdd = bdd;
    this.#subject = subject;
    this.#usual = usual;
  }

  split(node: Node): readonly Part[] {
    const { limits, bounds } = this.#subject;
    const support = new Set(this.#bdd.support(node));
    const cuts = [...bounds].filter(([, variable]) => support.has(variable)).map(([bound]) => bound);
    if (cuts.length === 0) return [{ rest: node, value: this.#usual === undefined ? undefined : `${this.#usual}` }];
    const highs = [...cuts.sort((a, b) => (a < b ? -1 : 1)), limits.high];
    const intervals = highs.map((high, i): Interval => ({ low: i === 0 ? limits.low : highs[i - 1]! + 1n, high }));
    const boundOf = new Map([...bounds].map(([bound, variable]) => [variable, bound]));
    const restOf = ({ low }: Interval): Node =>
      this.#bdd.restrict(node, (variable) => {
        const bound = boundOf.get(variable);
        return bound === undefined ? undefined : low <= bound;
      });
    return [...groupByRest(intervals, restOf)]
      .filter(([rest]) => rest !== FALSE)
      .map(([rest, group]) => ({
        rest,
        value: `${this.#valueOf(group)}`,
        condition: `${this.name} ${words(joined(group))}`,
      }));
  }

  #valueOf(intervals: readonly Interval[]): bigint {
    const usual = this.#usual;
    const isUsual = usual !== undefined && intervals.some(({ low, high }) => low <= usual && usual <= high);
    return isUsual ? usual : intervals[0]!.low;
  }
}
