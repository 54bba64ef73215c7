// The tags of a request (header fields, arguments of an MCP call): for each name that policies ask for a text that may be absent.
import type { Atoms } from '../compile/atoms.ts';
import { FALSE } from '../compile/bdd.ts';
import type { Term } from '../compile/term.ts';
import { TextSubject } from '../compile/text-subject.ts';
import type { Dimension, Values } from './dimension.ts';
import type { AskedText } from './domain.ts';
import type { Language } from './language.ts';
import { anyText, fieldValue } from './languages.ts';
import { OptionalDimension } from './optional-dimension.ts';
import { TextDimension } from './text-dimension.ts';

const PREFIX = 'context.headers.';
/** A token in lower case, as the proxy gives names to policies (RFC 9110, section 5.1). */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

interface Kind {
  /** Where policies find the texts. */
  readonly prefix: string;
  isName(name: string): boolean;
  readonly language: () => Language;
}

const HEADERS: Kind = { prefix: PREFIX, isName: (name) => NAME.test(name), language: fieldValue };
const ARGUMENTS: Kind = { prefix: 'context.args.', isName: () => true, language: anyText };

class TagParts {
  readonly #kind: Kind;
  readonly #atoms: Atoms;
  readonly #texts: AskedText[];
  readonly #dimensions: Dimension[];
  readonly #fields = new Map<string, Term>();

  /** What policies ask for is added to `texts` and `dimensions`. */
  constructor(kind: Kind, atoms: Atoms, texts: AskedText[], dimensions: Dimension[]) {
    this.#kind = kind;
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

  #make(tag: string): Term {
    const { bdd } = this.#atoms;
    const { prefix, isName, language } = this.#kind;
    const text = new TextSubject(`${prefix}${tag}`, this.#atoms);
    if (!isName(tag)) return { kind: 'optional', isPresent: FALSE, value: text.term };
    const presence = bdd.newVariable();
    const inner = new TextDimension(this.#atoms, { name: text.name, language, usual: 'a' });
    this.#texts.push(text);
    this.#dimensions.push(new OptionalDimension(bdd, presence, inner));
    return { kind: 'optional', isPresent: bdd.literal(presence), value: text.term };
  }
}

export type { TagParts };

/** What policies ask for is added to `texts` and `dimensions`. */
export function headerParts(atoms: Atoms, texts: AskedText[], dimensions: Dimension[]): TagParts {
  return new TagParts(HEADERS, atoms, texts, dimensions);
}

/** The same of the arguments of a call. */
export function argumentParts(atoms: Atoms, texts: AskedText[], dimensions: Dimension[]): TagParts {
  return new TagParts(ARGUMENTS, atoms, texts, dimensions);
}

function tagsIn(values: Values, prefix: string): ReadonlyMap<string, string> {
  const tags = [...values].flatMap(([name, value]): [string, string][] =>
    name.startsWith(prefix) && value !== undefined ? [[name.slice(prefix.length), value]] : [],
  );
  return new Map(tags);
}

export function headersOf(values: Values): ReadonlyMap<string, string> {
  return tagsIn(values, HEADERS.prefix);
}

export function argumentsOf(values: Values): ReadonlyMap<string, string> {
  return tagsIn(values, ARGUMENTS.prefix);
}
