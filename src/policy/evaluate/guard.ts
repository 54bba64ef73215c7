// A policy in; conditions that a hash table can look up, and without which the policy is certainly not satisfied, out.
import type { Expression } from './expression.ts';
import { normalisePattern, type Pattern } from './like.ts';
import { needsOf, type Reference, referenceOf } from './needs.ts';
import type { Policy } from './policy.ts';
import type { Entity, Scalar, Value } from './value.ts';

/** What a hash table can hold: kinds whose equality is that of their JavaScript value, and entities. */
export type Key = Extract<Scalar, { readonly kind: 'bool' | 'long' | 'string' | 'entity' }>;

/** Is it the key; an entity that is the key or below it; a text that begins or ends with the key? */
export type Relation = 'equal' | 'in' | 'begins' | 'ends';

/** One question about a value of the request. */
export interface Atom {
  readonly reference: Reference;
  readonly relation: Relation;
  readonly key: Key;
}

/** When no atom holds and every need is met, the policy is not satisfied, and Cedar reports no error of it. */
export interface Guard {
  readonly atoms: readonly Atom[];
  readonly needs: readonly Reference[];
}

function isKey(value: Value): value is Key {
  return value.kind === 'bool' || value.kind === 'long' || value.kind === 'string' || value.kind === 'entity';
}

function literalKey(expression: Expression): Key | undefined {
  return expression.op === 'literal' && isKey(expression.value) ? expression.value : undefined;
}

/** The members of a set of constants; undefined when one is none, or no key. */
function keysOf(expression: Expression): readonly Key[] | undefined {
  if (expression.op === 'literal' && expression.value.kind === 'set') {
    const { elements } = expression.value;
    return elements.every(isKey) ? elements : undefined;
  }
  if (expression.op !== 'set') return undefined;
  const keys = expression.elements.flatMap((element) => literalKey(element) ?? []);
  return keys.length === expression.elements.length ? keys : undefined;
}

function isEntity(key: Key): key is Entity {
  return key.kind === 'entity';
}

/** `kind`: of any other kind the value makes the operator an error. */
function guard(
  operand: Expression,
  relation: Relation,
  keys: readonly Key[],
  kind?: 'entity' | 'string',
): readonly Guard[] {
  const reference = referenceOf(operand);
  if (reference === undefined) return [];
  const need = kind === undefined ? reference : { ...reference, kind };
  return [{ atoms: keys.map((key) => ({ reference, relation, key })), needs: [need] }];
}

function equality(left: Expression, right: Expression): readonly Guard[] {
  const [a, b] = [literalKey(left), literalKey(right)];
  if (b !== undefined) return guard(left, 'equal', [b]);
  return a === undefined ? [] : guard(right, 'equal', [a]);
}

/** A set that holds anything but entities makes `in` an error, whatever the left side. */
function membership(child: Expression, parent: Expression): readonly Guard[] {
  const one = literalKey(parent);
  const keys = one === undefined ? keysOf(parent) : [one];
  return keys?.every(isEntity) ? guard(child, 'in', keys, 'entity') : [];
}

/** A text that matches begins with what stands before the first `*`, and ends with what stands after the last. */
function likeness(operand: Expression, source: Pattern): readonly Guard[] {
  const pattern = normalisePattern(source);
  const [first, last] = [pattern[0] ?? '', pattern.at(-1) ?? ''];
  if (!pattern.includes(null)) return guard(operand, 'equal', [{ kind: 'string', value: first }], 'string');
  return [
    ...(first === '' ? [] : guard(operand, 'begins', [{ kind: 'string', value: first }], 'string')),
    ...(last === '' ? [] : guard(operand, 'ends', [{ kind: 'string', value: last }], 'string')),
  ];
}

/** Both must be ruled out. Only one guard of each side: all pairs would multiply along a chain of `||`. */
function both(left: readonly Guard[], right: readonly Guard[]): readonly Guard[] {
  const [a, b] = [left, right].map(
    (guards) => guards.find(({ atoms }) => atoms.every(({ relation }) => relation === 'equal')) ?? guards[0],
  );
  if (a === undefined || b === undefined) return [];
  return [{ atoms: [...a.atoms, ...b.atoms], needs: [...a.needs, ...b.needs] }];
}

/** After `x has y` an absent `x.y` is no error, but the reason why the right side is never reached. */
function presentAfter(left: Expression, right: Guard): Guard {
  const [attribute, ...more] = left.op === 'has' ? left.path : [];
  if (left.op !== 'has' || attribute === undefined || more.length > 0) return right;
  const present = referenceOf({ op: 'attribute', operand: left.operand, name: attribute });
  return { ...right, needs: right.needs.filter(({ name, kind }) => kind !== undefined || name !== present?.name) };
}

/** The left side decides, or else, when it certainly is no error, the right side. */
function either(left: Expression, right: Expression, wants: boolean): readonly Guard[] {
  const needs = needsOf(left);
  const first = alternatives(left, wants);
  if (needs === undefined) return first;
  const second = alternatives(right, wants).map((other) => (wants ? presentAfter(left, other) : other));
  return [...first, ...second.map((other) => ({ ...other, needs: [...needs, ...other.needs] }))];
}

/** Guards of an expression that has to be `wants`: each alone is enough to know that it is the opposite. */
function alternatives(expression: Expression, wants: boolean): readonly Guard[] {
  switch (expression.op) {
    case 'literal': {
      const { value } = expression;
      return value.kind === 'bool' && value.value !== wants ? [{ atoms: [], needs: [] }] : [];
    }
    case 'not':
      return alternatives(expression.operand, !wants);
    case 'and':
    case 'or': {
      const { op, left, right } = expression;
      const isDecidedByOne = (op === 'and') === wants;
      return isDecidedByOne ? either(left, right, wants) : both(alternatives(left, wants), alternatives(right, wants));
    }
    case 'equal':
    case 'notEqual':
      return (expression.op === 'equal') === wants ? equality(expression.left, expression.right) : [];
    case 'in':
      return wants ? membership(expression.left, expression.right) : [];
    case 'is':
      return wants && expression.within !== undefined ? membership(expression.operand, expression.within) : [];
    case 'like':
      return wants ? likeness(expression.operand, expression.pattern) : [];
    case 'contains': {
      const keys = wants ? keysOf(expression.left) : undefined;
      return keys === undefined ? [] : guard(expression.right, 'equal', keys);
    }
    default:
      return [];
  }
}

/** By the scope object, which policies read from one statement share. */
const known = new WeakMap<Policy['scope'], readonly Guard[]>();

/**
 * The guards of a policy, each sufficient alone; none when the policy has to be evaluated for every request. They are about what comes
 * after the principal and the action. Only conditions before which nothing fails count: an error that comes first is reported.
 */
export function guardsOf(policy: Policy): readonly Guard[] {
  const guards = known.get(policy.scope) ?? deriveGuards(policy);
  known.set(policy.scope, guards);
  return guards;
}

function deriveGuards(policy: Policy): readonly Guard[] {
  const guards: Guard[] = [...alternatives(policy.scope.resource, true)];
  const needs: Reference[] = [];
  for (const { wants, body } of policy.conditions) {
    guards.push(...alternatives(body, wants).map((found) => ({ ...found, needs: [...needs, ...found.needs] })));
    const met = needsOf(body);
    if (met === undefined) break;
    needs.push(...met);
  }
  return guards;
}
