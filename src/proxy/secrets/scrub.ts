// What a server sends enters, the same without the credentials it was sent leaves: as soon as it is certain that none begins there.
import { Buffer } from 'node:buffer';
import type { BodyFilter } from '../exchange/passage.ts';
import { type Form, formsOf } from './forms.ts';
import { PatternSearch } from './pattern-search.ts';

const NOTHING = Buffer.alloc(0);

export interface Hidden {
  readonly value: string;
  readonly placeholder: string;
}

/** Finds texts in a stream and puts others in their place. */
export class Replacer {
  readonly #forms: readonly Form[];
  readonly #search: PatternSearch;

  constructor(forms: readonly Form[]) {
    this.#forms = forms;
    this.#search = new PatternSearch(this.#forms.map(({ find }) => find));
  }

  /** A header's value, Latin-1. */
  text(text: string): string {
    const bytes = Buffer.from(text, 'latin1');
    return this.#search.find(bytes, 0) === undefined ? text : this.take(bytes, true).passed.toString('latin1');
  }

  /** @returns what can go on, and the rest of `bytes`, which may be the beginning of a value. */
  take(bytes: Buffer, isLast: boolean): { readonly passed: Buffer; readonly held: Buffer } {
    const parts: Buffer[] = [];
    let at = 0;
    let open = isLast ? bytes.length : this.#search.openEnd(bytes, at);
    for (let match = this.#search.find(bytes, at); match !== undefined && match.start < open; ) {
      parts.push(bytes.subarray(at, match.start), (this.#forms[match.pattern] as Form).put);
      at = match.end;
      if (open < at) open = this.#search.openEnd(bytes, at);
      match = this.#search.find(bytes, at);
    }
    if (parts.length === 0 && open === bytes.length) return { passed: bytes, held: NOTHING };
    parts.push(bytes.subarray(at, open));
    return { passed: Buffer.concat(parts), held: bytes.subarray(open) };
  }

  body(): BodyFilter {
    let held: Buffer = NOTHING;
    return {
      changes: true,
      keepsLength: this.#forms.every(({ find, put }) => find.length === put.length),
      push: (content) => {
        const taken = this.take(held.length === 0 ? content : Buffer.concat([held, content]), false);
        held = taken.held;
        return taken.passed;
      },
      end: () => this.take(held, true).passed,
    };
  }
}

/** Finds values, in all their spellings, and puts placeholders in their place. */
export class Scrubber extends Replacer {
  /** @param keepsLength for streams in which nothing may move: a stand-in of another length becomes asterisks. */
  constructor(hidden: readonly Hidden[], keepsLength: boolean = false) {
    const forms = hidden.flatMap(({ value, placeholder }) => formsOf(value, placeholder));
    super(keepsLength ? forms.map(sameLength) : forms);
  }
}

function sameLength({ find, put }: Form): Form {
  return { find, put: put.length === find.length ? put : Buffer.alloc(find.length, '*') };
}
