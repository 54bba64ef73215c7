// An address of a request: the ranges that policies name, as atoms.
import { type Ip, ipKey } from '../evaluate/ip.ts';
import { type Bdd, FALSE, type Node, TRUE } from './bdd.ts';
import type { AddressAtoms } from './term.ts';

export type AddressFamily = 'IPv4' | 'IPv6';

interface RangeAtom {
  readonly range: Ip;
  readonly variable: number;
}

export class AddressSubject implements AddressAtoms {
  /** Where policies find it: `context.ip`. */
  readonly name: string;
  /** The only family it can have; either when undefined. */
  readonly family: AddressFamily | undefined;
  readonly #bdd: Bdd;
  readonly #atoms = new Map<string, RangeAtom>();

  constructor(name: string, family: AddressFamily | undefined, bdd: Bdd) {
    this.name = name;
    this.family = family;
    this.#bdd = bdd;
  }

  get ranges(): readonly RangeAtom[] {
    return [...this.#atoms.values()];
  }

  isInside(range: Ip): Node {
    if (this.family !== undefined && range.v4 !== (this.family === 'IPv4')) return FALSE;
    if (this.family !== undefined && range.prefix === 0) return TRUE;
    const key = ipKey(range);
    let atom = this.#atoms.get(key);
    if (atom === undefined) {
      atom = { range, variable: this.#bdd.newVariable() };
      this.#atoms.set(key, atom);
    }
    return this.#bdd.literal(atom.variable);
  }
}
