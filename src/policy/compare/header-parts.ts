// The header fields of an HTTP request: for each name that policies ask for a text that may be absent.
import type { Atoms } from '../compile/atoms.ts';
import { FALSE } from '../compile/bdd.ts';
import type { Term } from '../compile/term.ts';
import { TextSubject } from '../compile/text-subject.ts';
import type { Dimension, Values } from './dimension.ts';
import { fieldValue } from './languages.ts';
import { OptionalDimension } from './optional-dimension.ts';
import { TextDimension } from './text-dimension.ts';

const PREFIX = 'context.headers.';
/** A token in lower case, as the proxy gives names to policies (RFC 9110, section 5.1). */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

export class HeaderParts {
  readonly #atoms: Atoms;
  readonly #texts: TextSubject[];
  readonly #dimensions: Dimension[];
  readonly #fields = new Map<string, Term>();

  /** What policies ask for is added to `texts` and `dimensions`. */
  constructor(atoms: Atoms, texts: TextSubject[], dimensions: Dimension[]) {
    this.#atoms = atoms;
    this.#texts = texts;
    this.#dimensions = dimensions;
  }

  field(name: string): Term {
    let term = this.#fields.get(name);
    if (term === undefined) {
      term = this.#make(name);
      this.#fields.set(name, term);
    }
    return term;
  }

  #make(header: string): Term {
    const { bdd } = this.#atoms;
    const text = new TextSubject(`${PREFIX}${header}`, this.#atoms);
    if (!NAME.test(header)) return { kind: 'optional', isPresent: FALSE, value: text.term };
    const presence = bdd.newVariable();
    const inner = new TextDimension(this.#atoms, { name: text.name, language: fieldValue, usual: 'a' });
    this.#texts.push(text);
    this.#dimensions.push(new OptionalDimension(bdd, presence, inner));
    return { kind: 'optional', isPresent: bdd.literal(presence), value: text.term };
  }
}

export function headersOf(values: Values): ReadonlyMap<string, string> {
  const fields = [...values].flatMap(([name, value]): [string, string][] =>
    name.startsWith(PREFIX) && value !== undefined ? [[name.slice(PREFIX.length), value]] : [],
  );
  return new Map(fields);
}
