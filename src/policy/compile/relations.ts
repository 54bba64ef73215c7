// `==`, `in` and membership between terms: when both are known a fact, when one is the path an atom, else unknown.
import type { Node } from './bdd.ts';
import { FALSE, TRUE } from './bdd.ts';
import { bool, equal } from '../evaluate/value.ts';
import type { Cases, Domain } from './symbolic.ts';
import { isConstant, isEntityTerm, type Term, termKey } from './term.ts';

export interface Relations {
  readonly domain: Domain;
  fromNode(node: Node): Cases;
  unknown(description: string): Cases;
}

type Table = Term & { readonly kind: 'record' };

function equalRecords(relations: Relations, a: Table, b: Table): Cases {
  if (a.fields.size !== b.fields.size) return [[TRUE, bool(false)]];
  let all: Node = TRUE;
  for (const [name, field] of a.fields) {
    const other = b.fields.get(name);
    if (other === undefined) return [[TRUE, bool(false)]];
    all = relations.domain.bdd.and(all, trueGuard(relations, equalTerms(relations, field, other)));
  }
  return relations.fromNode(all);
}

function trueGuard({ domain }: Relations, cases: Cases): Node {
  let guard: Node = FALSE;
  for (const [node, term] of cases) if (term.kind === 'bool' && term.value) guard = domain.bdd.or(guard, node);
  return guard;
}

/** `==` never fails in Cedar, but an opaque operand may itself be an error. */
export function equalTerms(relations: Relations, a: Term, b: Term): Cases {
  const { domain, fromNode, unknown } = relations;
  if (isConstant(a) && isConstant(b)) return [[TRUE, bool(equal(a, b))]];
  if (isConstant(a)) return equalTerms(relations, b, a);
  if (a.kind === 'opaque' || b.kind === 'opaque') return unknown(`equal ${[termKey(a), termKey(b)].sort().join(' ')}`);
  if (termKey(a) === termKey(b)) return containsOpaque(a) ? unknown(`exists ${termKey(a)}`) : [[TRUE, bool(true)]];
  if (a.kind === 'pathText' && b.kind === 'string') return fromNode(domain.pathLike(a.part, [b.value]));
  if (a.kind === 'pathEntity' && b.kind === 'entity') return fromNode(domain.pathEquals(a.part, b));
  if (a.kind === 'record' && b.kind === 'record' && !containsOpaque(a) && !containsOpaque(b)) {
    return equalRecords(relations, a, b);
  }
  const comparable = a.kind === b.kind || (isEntityTerm(a) && isEntityTerm(b));
  return comparable ? unknown(`equal ${[termKey(a), termKey(b)].sort().join(' ')}`) : [[TRUE, bool(false)]];
}

function containsOpaque(term: Term): boolean {
  if (term.kind === 'set') return term.elements.some(containsOpaque);
  if (term.kind === 'record') return [...term.fields.values()].some(containsOpaque);
  return term.kind === 'opaque';
}

/** Does the set hold a value equal to `term`? */
export function someEqual(relations: Relations, elements: readonly Term[], term: Term): Cases {
  if (term.kind === 'opaque' || elements.some(containsOpaque)) {
    return relations.unknown(`${elements.map(termKey).join()} contains ${termKey(term)}`);
  }
  let any: Node = FALSE;
  for (const element of elements) {
    any = relations.domain.bdd.or(any, trueGuard(relations, equalTerms(relations, element, term)));
  }
  return relations.fromNode(any);
}

/** `in`, with one parent or a set of parents. A set that holds anything but entities is an error even when one matches. */
export function isInTerm(relations: Relations, child: Term, parent: Term): Cases {
  const { domain, fromNode, unknown } = relations;
  const describe = (): string => `${termKey(child)} in ${termKey(parent)}`;
  if (child.kind === 'opaque' || parent.kind === 'opaque') return unknown(describe());
  if (!isEntityTerm(child)) return [];
  if (parent.kind === 'set') return isInSome(relations, child, parent.elements);
  if (!isEntityTerm(parent)) return [];
  if (termKey(child) === termKey(parent)) return [[TRUE, bool(true)]];
  if (child.kind === 'pathEntity' && parent.kind === 'entity') return fromNode(domain.pathIn(child.part, parent));
  if (child.kind === 'entity' && parent.kind === 'entity') return fromNode(domain.isIn(child, parent));
  return unknown(describe());
}

function isInSome(relations: Relations, child: Term, parents: readonly Term[]): Cases {
  if (parents.some(containsOpaque)) return relations.unknown(`${termKey(child)} in ${parents.map(termKey).join()}`);
  if (!parents.every(isEntityTerm)) return [];
  let any: Node = FALSE;
  for (const parent of parents) {
    any = relations.domain.bdd.or(any, trueGuard(relations, isInTerm(relations, child, parent)));
  }
  return relations.fromNode(any);
}
