// A text of a request (method, protocol, arguments): `like` and `==` with constants, as atoms over its bytes.
import { normalisePattern, type Pattern } from '../evaluate/like.ts';
import type { Atoms } from './atoms.ts';
import { type Node, TRUE } from './bdd.ts';
import { pathPatternDfa } from './path-pattern.ts';
import type { Term } from './term.ts';

/** The direction in which an automaton reads the text; from right to left, a suffix is what a prefix is. */
export type Reading = 'left to right' | 'right to left';

export function reversed(text: string): string {
  return [...text].reverse().join('');
}

function reversedPattern(pattern: Pattern): Pattern {
  return pattern.map((part) => (part === null ? null : reversed(part))).reverse();
}

export class TextSubject {
  /** Where policies find it (`context.method`), and what its atoms are filed under. */
  readonly name: string;
  readonly reading: Reading;
  readonly #atoms: Atoms;

  constructor(name: string, atoms: Atoms, reading: Reading = 'left to right') {
    this.name = name;
    this.reading = reading;
    this.#atoms = atoms;
  }

  get term(): Term {
    return { kind: 'someText', subject: this.name };
  }

  like(source: Pattern): Node {
    const normal = normalisePattern(source);
    const pattern = this.reading === 'left to right' ? normal : reversedPattern(normal);
    const [first = '', second] = pattern;
    if (pattern.length === 1 && first === null) return TRUE;
    if (first !== null && pattern.length <= 1) return this.#atoms.literal(this.name, 'exact', first);
    if (first !== null && pattern.length === 2 && second === null)
      return this.#atoms.literal(this.name, 'prefix', first);
    return this.#atoms.pattern(this.name, 'text', pattern, () => pathPatternDfa('path', pattern));
  }
}
