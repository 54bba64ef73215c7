// The values of an address, cut where the ranges of policies begin and end.
import type { AddressSubject } from '../compile/address-subject.ts';
import { type Bdd, FALSE, type Node } from '../compile/bdd.ts';
import { bounds, formatIp, type Ip, isInRange, parseIp } from '../evaluate/ip.ts';
import { type Dimension, groupByRest, type Part } from './dimension.ts';

const FAMILIES = ['IPv4', 'IPv6'] as const;

interface Stretch {
  readonly v4: boolean;
  readonly low: bigint;
  readonly high: bigint;
}

function lowest({ v4, low }: Stretch): Ip {
  return { kind: 'ip', v4, address: low, prefix: v4 ? 32 : 128 };
}

function stretches(ranges: readonly Ip[], v4: boolean): readonly Stretch[] {
  const end = 1n << (v4 ? 32n : 128n);
  const borders = ranges.filter((range) => range.v4 === v4).map(bounds);
  const starts = [0n, ...borders.flatMap(([low, high]) => [low, high + 1n])].filter((start) => start < end);
  const sorted = [...new Set(starts)].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((low, i) => ({ v4, low, high: (sorted[i + 1] ?? end) - 1n }));
}

function words(group: readonly Stretch[]): string {
  const shown = group.slice(0, 3).map((stretch) => {
    const first = formatIp(lowest(stretch));
    return stretch.low === stretch.high ? first : `${first} to ${formatIp(lowest({ ...stretch, low: stretch.high }))}`;
  });
  const more = group.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more ranges` : '');
}

export class AddressDimension implements Dimension {
  readonly name: string;
  readonly #bdd: Bdd;
  readonly #subject: AddressSubject;
  readonly #usual: Ip;

  /** `usual` is preferred to other addresses; it is of the subject's family. */
  constructor(bdd: Bdd, subject: AddressSubject, usual: string) {
    const address = parseIp(usual);
    if (address === undefined) throw new Error(`not an address: ${usual}`);
    this.name = subject.name;
    this.#bdd = bdd;
    this.#subject = subject;
    this.#usual = address;
  }

  split(node: Node): readonly Part[] {
    const support = new Set(this.#bdd.support(node));
    const { family } = this.#subject;
    const atoms = this.#subject.ranges.filter(({ variable }) => support.has(variable));
    if (atoms.length === 0) return [{ rest: node, value: formatIp(this.#usual) }];
    const ranges = atoms.map(({ range }) => range);
    const all = FAMILIES.filter((each) => family === undefined || each === family).flatMap((each) =>
      stretches(ranges, each === 'IPv4'),
    );
    const restAt = (ip: Ip): Node => {
      const inside = new Map(atoms.map(({ range, variable }) => [variable, isInRange(ip, range)]));
      return this.#bdd.restrict(node, (variable) => inside.get(variable));
    };
    const usualRest = restAt(this.#usual);
    return [...groupByRest(all, (stretch) => restAt(lowest(stretch)))]
      .filter(([rest]) => rest !== FALSE)
      .map(([rest, group]) => ({
        rest,
        value: formatIp(rest === usualRest ? this.#usual : lowest(group[0]!)),
        condition: `${this.name} ${words(group)}`,
      }));
  }
}
