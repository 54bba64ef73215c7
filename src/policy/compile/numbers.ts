// Arithmetic and order between terms: exact on constants, opaque or unknown on what no table knows, an error on other types.
import { bool, long, type Value } from '../evaluate/value.ts';
import { TRUE } from './bdd.ts';
import type { Relations } from './relations.ts';
import type { Cases } from './symbolic.ts';
import { type Term, termKey } from './term.ts';

/** Undefined is a runtime error: another type, or a result beyond 64 bits. */
export function arithmetic(op: 'add' | 'subtract' | 'multiply', a: Term, b: Term): Term | undefined {
  if (a.kind === 'long' && b.kind === 'long') {
    if (op === 'add') return long(a.value + b.value);
    return long(op === 'subtract' ? a.value - b.value : a.value * b.value);
  }
  const mayBeNumber = (term: Term): boolean => term.kind === 'long' || term.kind === 'opaque';
  const name = `${op} ${termKey(a)} ${termKey(b)}`;
  return mayBeNumber(a) && mayBeNumber(b) ? { kind: 'opaque', name } : undefined;
}

type Ordered = Extract<Value, { readonly kind: 'long' | 'datetime' | 'duration' }>;

function isOrdered(term: Term): term is Ordered {
  return term.kind === 'long' || term.kind === 'datetime' || term.kind === 'duration';
}

export function compare(
  { unknown }: Relations,
  op: 'less' | 'lessEqual' | 'greater' | 'greaterEqual',
  a: Term,
  b: Term,
): Cases {
  if (a.kind === 'opaque' || b.kind === 'opaque') return unknown(`${termKey(a)} ${op} ${termKey(b)}`);
  if (!isOrdered(a) || !isOrdered(b) || a.kind !== b.kind) return [];
  const less = a.value < b.value;
  const same = a.value === b.value;
  const holds = { less, lessEqual: less || same, greater: !less && !same, greaterEqual: !less }[op];
  return [[TRUE, bool(holds)]];
}
