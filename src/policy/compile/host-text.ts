// The name of a network peer, one class a kind of name (DNS name, IPv4 literal, IPv6 literal): what policies ask of its text, as atoms.
import { bounds, type Ip, parseCanonicalAddress } from '../evaluate/ip.ts';
import { normalisePattern, type Pattern } from '../evaluate/like.ts';
import type { AddressSubject } from './address-subject.ts';
import type { Atoms } from './atoms.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import type { AddressAtoms } from './term.ts';
import { TextSubject } from './text-subject.ts';

export interface HostText {
  like(pattern: Pattern): Node;
}

/** A DNS name is read from its end, where `*.example.com` has its text. */
export function dnsName(name: string, atoms: Atoms): HostText {
  return new TextSubject(name, atoms, 'right to left');
}

/** The octets that hold the range's border, as text: `172.16.` … `172.31.` for `172.16.0.0/12`. */
function octetPrefixes(range: Ip): readonly string[] {
  const [low, high] = bounds(range);
  const octets = Math.ceil(range.prefix / 8);
  const rest = BigInt(32 - 8 * octets);
  const count = Number((high >> rest) - (low >> rest)) + 1;
  return Array.from({ length: count }, (_, i) => {
    const value = (low >> rest) + BigInt(i);
    const digits = Array.from({ length: octets }, (__, k) => (value >> BigInt(8 * (octets - 1 - k))) & 255n);
    return octets === 4 ? digits.join('.') : digits.map((digit) => `${digit}.`).join('');
  });
}

/** Are the texts between the wildcards made of these characters? */
function holdsOnly(pattern: Pattern, characters: RegExp): boolean {
  return pattern.every((part) => part === null || characters.test(part));
}

/** An IPv4 literal: its text also tells its address. A range is at most 128 beginnings of the text. */
export class IPv4Text extends TextSubject implements HostText, AddressAtoms {
  readonly #atoms: Atoms;

  constructor(name: string, atoms: Atoms) {
    super(name, atoms);
    this.#atoms = atoms;
  }

  /** Policies are full of patterns for names; those no address can match must not become automata. */
  override like(pattern: Pattern): Node {
    return holdsOnly(pattern, /^[0-9.]*$/) ? super.like(pattern) : FALSE;
  }

  isInside(range: Ip): Node {
    if (!range.v4) return FALSE;
    if (range.prefix === 0) return TRUE;
    const kind = range.prefix > 24 ? 'exact' : 'prefix';
    const { bdd } = this.#atoms;
    const nodes = octetPrefixes(range).map((text) => this.#atoms.literal(this.name, kind, text));
    return nodes.reduce((any, node) => bdd.or(any, node), FALSE);
  }
}

/** An IPv6 literal: ranges of addresses are exact; of its text, equality is, and a pattern that some literal might match is unknown. */
export class IPv6Text implements HostText {
  readonly #address: AddressSubject;
  readonly #unknown: (description: string) => Node;

  /** `address` is named as the host is: `resource`. */
  constructor(address: AddressSubject, unknown: (description: string) => Node) {
    this.#address = address;
    this.#unknown = unknown;
  }

  like(source: Pattern): Node {
    const pattern = normalisePattern(source);
    const [text = ''] = pattern;
    if (pattern.length === 1 && text === null) return TRUE;
    if (pattern.length <= 1 && text !== null) {
      const ip = parseCanonicalAddress(text);
      return ip === undefined ? FALSE : this.#address.isInside(ip);
    }
    const mayMatch = holdsOnly(pattern, /^[0-9a-f:]*$/);
    return mayMatch ? this.#unknown(`${this.#address.name}.name like ${JSON.stringify(pattern)}`) : FALSE;
  }
}
