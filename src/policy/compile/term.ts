// Values that may depend on the request under decision, or on facts that no table knows.
import type { Ip } from '../evaluate/ip.ts';
import { type Scalar, type Value, valueKey } from '../evaluate/value.ts';
import type { Node } from './bdd.ts';

/** A number of the request; `name` is where a policy finds it: `context.port`. */
export interface NumberAtoms {
  readonly name: string;
  atMost(bound: bigint): Node;
}

/** An address of the request. */
export interface AddressAtoms {
  readonly name: string;
  /** Is it in a range? In one of a single address: is it that one? */
  isInside(range: Ip): Node;
}

/** A set of the request, of which only single elements are known: whether it contains a constant. */
export interface SetAtoms {
  readonly name: string;
  contains(element: Value): Node;
  isEmpty(): Node;
}

export type Term =
  | Scalar
  /** An entity or a string of the request that atoms describe; `subject` is where a policy finds it: `resource`, `resource.name`. */
  | { readonly kind: 'someEntity'; readonly subject: string }
  | { readonly kind: 'someText'; readonly subject: string }
  | { readonly kind: 'someNumber'; readonly subject: NumberAtoms }
  | { readonly kind: 'someAddress'; readonly subject: AddressAtoms }
  | { readonly kind: 'someSet'; readonly subject: SetAtoms }
  /** An attribute that a request may lack. Only a field of a record is this. */
  | { readonly kind: 'optional'; readonly isPresent: Node; readonly value: Term }
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
    case 'someNumber':
    case 'someAddress':
    case 'someSet':
    case 'optional':
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
    case 'someNumber':
    case 'someAddress':
    case 'someSet':
      return `${term.kind} ${term.subject.name}`;
    case 'optional':
      return `optional ${termKey(term.value)}`;
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
  return term.kind === 'opaque' || term.kind === 'optional';
}
