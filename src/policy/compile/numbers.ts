// Arithmetic and order between terms: exact on constants, atoms for a number of the request, opaque or unknown beyond, an error on other types.
import { bool, long, type Value } from '../evaluate/value.ts';
import { type Node, TRUE } from './bdd.ts';
import type { Relations } from './relations.ts';
import type { Cases } from './symbolic.ts';
import { type NumberAtoms, type Term, termKey } from './term.ts';

/** Undefined is a runtime error: another type, or a result beyond 64 bits. */
export function arithmetic(op: 'add' | 'subtract' | 'multiply', a: Term, b: Term): Term | undefined {
  if (a.kind === 'long' && b.kind === 'long') {
    if (op === 'add') return long(a.value + b.value);
    return long(op === 'subtract' ? a.value - b.value : a.value * b.value);
  }
  const mayBeNumber = ({ kind }: Term): boolean => kind === 'long' || kind === 'opaque' || kind === 'someNumber';
  const name = `${op} ${termKey(a)} ${termKey(b)}`;
  return mayBeNumber(a) && mayBeNumber(b) ? { kind: 'opaque', name } : undefined;
}

/** Undefined is a runtime error, as above. */
export function negate(term: Term): Term | undefined {
  if (term.kind === 'long') return long(-term.value);
  const mayBeNumber = term.kind === 'opaque' || term.kind === 'someNumber';
  return mayBeNumber ? { kind: 'opaque', name: `negate ${termKey(term)}` } : undefined;
}

type Ordered = Extract<Value, { readonly kind: 'long' | 'datetime' | 'duration' }>;

function isOrdered(term: Term): term is Ordered {
  return term.kind === 'long' || term.kind === 'datetime' || term.kind === 'duration';
}

type Order = 'less' | 'lessEqual' | 'greater' | 'greaterEqual';

/** The same comparison with its sides exchanged. */
const MIRRORED: Readonly<Record<Order, Order>> = {
  less: 'greater',
  lessEqual: 'greaterEqual',
  greater: 'less',
  greaterEqual: 'lessEqual',
};

function compareWithBound({ domain }: Relations, op: Order, subject: NumberAtoms, bound: bigint): Node {
  const { bdd } = domain;
  return {
    less: () => subject.atMost(bound - 1n),
    lessEqual: () => subject.atMost(bound),
    greater: () => bdd.not(subject.atMost(bound)),
    greaterEqual: () => bdd.not(subject.atMost(bound - 1n)),
  }[op]();
}

export function compare(relations: Relations, op: Order, a: Term, b: Term): Cases {
  const { fromNode, unknown } = relations;
  const describe = (): string => `${termKey(a)} ${op} ${termKey(b)}`;
  if (a.kind === 'opaque' || b.kind === 'opaque') return unknown(describe());
  if (a.kind === 'someNumber') {
    if (b.kind === 'long') return fromNode(compareWithBound(relations, op, a.subject, b.value));
    if (b.kind !== 'someNumber') return [];
    return termKey(a) === termKey(b) ? [[TRUE, bool(op.endsWith('Equal'))]] : unknown(describe());
  }
  if (b.kind === 'someNumber') return compare(relations, MIRRORED[op], b, a);
  if (!isOrdered(a) || !isOrdered(b) || a.kind !== b.kind) return [];
  const less = a.value < b.value;
  const same = a.value === b.value;
  const holds = { less, lessEqual: less || same, greater: !less && !same, greaterEqual: !less }[op];
  return [[TRUE, bool(holds)]];
}
