// Values that may depend on the path under decision, or on facts that no table knows.
import { type Scalar, type Value, valueKey } from '../evaluate/value.ts';
import type { PathPart } from './path-pattern.ts';

export type Term =
  | Scalar
  /** The resource itself (`path`) or the directory that holds it (`dir`), as an entity. */
  | { readonly kind: 'pathEntity'; readonly part: 'path' | 'dir' }
  | { readonly kind: 'pathText'; readonly part: PathPart }
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
    case 'pathEntity':
    case 'pathText':
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
    case 'pathEntity':
    case 'pathText':
      return `${term.kind} ${term.part}`;
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
  return term.kind === 'entity' || term.kind === 'pathEntity';
}

export function containsOpaque(term: Term): boolean {
  if (term.kind === 'set') return term.elements.some(containsOpaque);
  if (term.kind === 'record') return [...term.fields.values()].some(containsOpaque);
  return term.kind === 'opaque';
}
