// `==`, `in` and membership between terms: when both are known a fact, when one is part of the request an atom, else unknown.
import { type Ip, isSingleAddress } from '../evaluate/ip.ts';
import { bool, equal } from '../evaluate/value.ts';
import type { Node } from './bdd.ts';
import { FALSE, TRUE } from './bdd.ts';
import type { Cases, Domain } from './symbolic.ts';
import {
  type AddressAtoms,
  containsOpaque,
  isConstant,
  isEntityTerm,
  type NumberAtoms,
  type Term,
  termKey,
} from './term.ts';

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

function equalsNumber({ domain }: Relations, subject: NumberAtoms, value: bigint): Node {
  return domain.bdd.and(subject.atMost(value), domain.bdd.not(subject.atMost(value - 1n)));
}

/** A request has an address, never a range. */
function equalsAddress(subject: AddressAtoms, ip: Ip): Node {
  return isSingleAddress(ip) ? subject.isInside(ip) : FALSE;
}

/** `==` never fails in Cedar, but an opaque operand may itself be an error. */
export function equalTerms(relations: Relations, a: Term, b: Term): Cases {
  const { domain, fromNode, unknown } = relations;
  if (isConstant(a) && isConstant(b)) return [[TRUE, bool(equal(a, b))]];
  if (isConstant(a)) return equalTerms(relations, b, a);
  if (containsOpaque(a) || containsOpaque(b)) return unknown(`equal ${[termKey(a), termKey(b)].sort().join(' ')}`);
  if (termKey(a) === termKey(b)) return [[TRUE, bool(true)]];
  if (a.kind === 'someText' && b.kind === 'string') return fromNode(domain.like(a.subject, [b.value]));
  if (a.kind === 'someEntity' && b.kind === 'entity') return fromNode(domain.equals(a.subject, b));
  if (a.kind === 'someNumber' && b.kind === 'long') return fromNode(equalsNumber(relations, a.subject, b.value));
  if (a.kind === 'someAddress' && b.kind === 'ip') return fromNode(equalsAddress(a.subject, b));
  if (a.kind === 'record' && b.kind === 'record') return equalRecords(relations, a, b);
  const isComparable = a.kind === b.kind || (isEntityTerm(a) && isEntityTerm(b)) || (isSetTerm(a) && isSetTerm(b));
  return isComparable ? unknown(`equal ${[termKey(a), termKey(b)].sort().join(' ')}`) : [[TRUE, bool(false)]];
}

function isSetTerm({ kind }: Term): boolean {
  return kind === 'set' || kind === 'someSet';
}

/** Does some element equal `term`? */
function someEqual(relations: Relations, elements: readonly Term[], term: Term): Node {
  const { bdd } = relations.domain;
  const equals = (element: Term): Node => trueGuard(relations, equalTerms(relations, element, term));
  return elements.map(equals).reduce((any, node) => bdd.or(any, node), FALSE);
}

export function containsOne(relations: Relations, set: Term, term: Term): Cases {
  if (set.kind === 'opaque' || containsOpaque(term))
    return relations.unknown(`${termKey(set)} contains ${termKey(term)}`);
  if (set.kind === 'someSet') {
    if (isConstant(term)) return relations.fromNode(set.subject.contains(term));
    return relations.unknown(`${termKey(set)} contains ${termKey(term)}`);
  }
  return set.kind === 'set' ? relations.fromNode(someEqual(relations, set.elements, term)) : [];
}

export function containsMany(relations: Relations, op: 'containsAll' | 'containsAny', a: Term, b: Term): Cases {
  const { domain, fromNode, unknown } = relations;
  if (a.kind === 'opaque' || b.kind === 'opaque') return unknown(`${termKey(a)} ${op} ${termKey(b)}`);
  if (!isSetTerm(a) || !isSetTerm(b)) return [];
  // What else a set of the request contains is not known.
  const isKnown = a.kind === 'set' || (a.kind === 'someSet' && isConstant(b));
  if (b.kind !== 'set' || !isKnown) return unknown(`${termKey(a)} ${op} ${termKey(b)}`);
  const each = b.elements.map((element) => {
    if (a.kind === 'set') return someEqual(relations, a.elements, element);
    return a.kind === 'someSet' && isConstant(element) ? a.subject.contains(element) : FALSE;
  });
  return fromNode(
    op === 'containsAll'
      ? each.reduce((all, node) => domain.bdd.and(all, node), TRUE)
      : each.reduce((any, node) => domain.bdd.or(any, node), FALSE),
  );
}

export function isEmptySet({ fromNode, unknown }: Relations, term: Term): Cases {
  if (term.kind === 'opaque') return unknown(`isEmpty ${termKey(term)}`);
  if (term.kind === 'someSet') return fromNode(term.subject.isEmpty());
  return term.kind === 'set' ? [[TRUE, bool(term.elements.length === 0)]] : [];
}

/** `is` without `in`. */
export function isOfType({ domain, fromNode, unknown }: Relations, term: Term, type: string): Cases {
  if (term.kind === 'opaque') return unknown(`${termKey(term)} is ${type}`);
  if (term.kind === 'someEntity') return fromNode(domain.isType(term.subject, type));
  return term.kind === 'entity' ? [[TRUE, bool(term.type === type)]] : [];
}

/** `in`, with one parent or a set of parents. A set that holds anything but entities is an error even when one matches. */
export function isInTerm(relations: Relations, child: Term, parent: Term): Cases {
  const { domain, fromNode, unknown } = relations;
  const describe = (): string => `${termKey(child)} in ${termKey(parent)}`;
  if (child.kind === 'opaque' || parent.kind === 'opaque') return unknown(describe());
  if (!isEntityTerm(child)) return [];
  if (parent.kind === 'set') return isInSome(relations, child, parent.elements);
  if (parent.kind === 'someSet') return unknown(describe());
  if (!isEntityTerm(parent)) return [];
  if (termKey(child) === termKey(parent)) return [[TRUE, bool(true)]];
  if (child.kind === 'someEntity' && parent.kind === 'entity') return fromNode(domain.isInside(child.subject, parent));
  if (child.kind === 'entity' && parent.kind === 'entity') return fromNode(domain.isIn(child, parent));
  return unknown(describe());
}

function isInSome(relations: Relations, child: Term, parents: readonly Term[]): Cases {
  if (!parents.every(isEntityTerm)) return [];
  let any: Node = FALSE;
  for (const parent of parents) {
    any = relations.domain.bdd.or(any, trueGuard(relations, isInTerm(relations, child, parent)));
  }
  return relations.fromNode(any);
}
