// A request enters, where in it placeholders stand leaves: in its head at once, in its body while it passes.
import { Buffer } from 'node:buffer';
import type { BodyFilter, Outgoing } from '../exchange/passage.ts';
import { PatternSearch } from './pattern-search.ts';
import { basicText } from './place.ts';

export interface Sighting {
  readonly placeholder: string;
  /** For a person: `the path`, `the header cookie`. */
  readonly where: string;
}

const NOTHING = Buffer.alloc(0);

export class PlaceholderSearch {
  readonly #placeholders: readonly string[];
  readonly #bytes: PatternSearch;
  readonly #longest: number;

  /** @param placeholders at least one */
  constructor(placeholders: readonly string[]) {
    this.#placeholders = placeholders;
    this.#bytes = new PatternSearch(placeholders.map((text) => Buffer.from(text, 'latin1')));
    this.#longest = Math.max(...placeholders.map(({ length }) => length));
  }

  /** Looks at a head as it was sent, and at Basic credentials decoded. */
  inHead({ path, fields }: Pick<Outgoing, 'path' | 'fields'>): readonly Sighting[] {
    const basic = fields.map(({ name, value }) => (name === 'authorization' ? (basicText(value) ?? '') : ''));
    const all = [path, ...fields.map(({ line }) => line), ...basic].join('\n');
    return this.#placeholders
      .filter((placeholder) => all.includes(placeholder))
      .flatMap((placeholder) =>
        [...new Set(placesOf(path, fields, basic, placeholder))].map((where) => ({ placeholder, where })),
      );
  }

  /** Sees a body pass, and changes nothing. @param found called with each placeholder, perhaps more than once. */
  body(found: (placeholder: string) => void): BodyFilter {
    let tail: Buffer = NOTHING;
    return {
      changes: false,
      push: (content) => {
        const bytes = tail.length === 0 ? content : Buffer.concat([tail, content]);
        for (let match = this.#bytes.find(bytes, 0); match !== undefined; match = this.#bytes.find(bytes, match.end))
          found(this.#placeholders[match.pattern] ?? '');
        tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - this.#longest + 1)));
        return content;
      },
      end: () => NOTHING,
    };
  }
}

function placesOf(path: string, fields: Outgoing['fields'], basic: readonly string[], placeholder: string): string[] {
  const [before = '', ...query] = path.split('?');
  const inFields = fields.flatMap(({ name, line }, index) =>
    line.includes(placeholder) || basic[index]?.includes(placeholder) === true ? [`the header ${name}`] : [],
  );
  return [
    ...(before.includes(placeholder) ? ['the path'] : []),
    ...(query.join('?').includes(placeholder) ? ['the query'] : []),
    ...inFields,
  ];
}
