// Values that may depend on the request under decision, or on facts that no table knows.
import { type Scalar, type Value, valueKey } from '../evaluate/value.ts';

export type Term =
  | Scalar
  /** An entity or a string of the request that atoms describe; `subject` is where a policy finds it: `resource`, `resource.name`. */
  | { readonly kind: 'someEntity'; readonly subject: string }
  | { readonly kind: 'someText'; readonly subject: string }
  /** Some value, the same wherever `name` is the same; its type is unknown too, and whether taking it is an error. */
  | {
      readonly kind: 'opaque';
      readonly name: string;
      /** As an attribute: `has` does not know of it either. */
      readonly optional?: true;
    }
  | { readonly kind: 'set'; readonly elements: readonly Term[] }
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Term> };

export function isConstant(term: Term): term is Value {
  switch (term.kind) {
    case 'someEntity':
    case 'someText':
    case 'opaque':
      return false;
    case 'set':
      return term.elements.every(isConstant);
    case 'record':
      return [...term.fields.values()].every(isConstant);
    default:
      return true;
  }
}

/** Equal keys: surely the same value. */
export function termKey(term: Term): string {
  if (isConstant(term)) return valueKey(term);
  switch (term.kind) {
    case 'someEntity':
    case 'someText':
      return `${term.kind} ${term.subject}`;
    case 'opaque':
      return `?(${term.name})`;
    case 'set':
      return `{${[...new Set(term.elements.map(termKey))].sort().join()}}`;
    case 'record':
      return `[${[...term.fields].map(([name, field]) => `${JSON.stringify(name)}:${termKey(field)}`).sort()}]`;
    default:
      throw new Error(`not a term: ${JSON.stringify(term)}`);
  }
}

/** Can only entities be meant? */
export function isEntityTerm(term: Term): boolean {
  return term.kind === 'entity' || term.kind === 'someEntity';
}

export function containsOpaque(term: Term): boolean {
  if (term.kind === 'set') return term.elements.some(containsOpaque);
  if (term.kind === 'record') return [...term.fields.values()].some(containsOpaque);
  return term.kind === 'opaque';
}
