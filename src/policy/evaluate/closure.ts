// Concrete evaluation: an expression becomes a function from a world (one request and its entities) to a value.

import type { Binary, Expression } from './expression.ts';
import { callExtension, isConstructor } from './extension.ts';
import { likeMatcher } from './like.ts';
import { bool, type Entity, entityKey, equal, FALSE, long, TRUE, type Value } from './value.ts';

export interface EntityData {
  readonly attributes: ReadonlyMap<string, Value>;
  readonly tags: ReadonlyMap<string, Value>;
  /** Keys (entityKey) of all ancestors, transitively. */
  readonly ancestors: ReadonlySet<string>;
}

/** One request and the slice of entities that belongs to it. */
export interface World {
  readonly principal: Value;
  readonly action: Value;
  readonly resource: Value;
  readonly context: Value;
  entity(type: string, id: string): EntityData | undefined;
}

/** `undefined` is a Cedar runtime error. */
export type Closure = (world: World) => Value | undefined;

function isAncestor(world: World, child: Entity, parent: Entity): boolean {
  if (child.id === parent.id && child.type === parent.type) return true;
  return world.entity(child.type, child.id)?.ancestors.has(entityKey(parent.type, parent.id)) ?? false;
}

function isIn(world: World, child: Value, parent: Value): Value | undefined {
  if (child.kind !== 'entity') return undefined;
  if (parent.kind === 'entity') return bool(isAncestor(world, child, parent));
  if (parent.kind !== 'set') return undefined;
  let found = false;
  for (const element of parent.elements) {
    // Cedar reports a set that holds anything but entities even when an earlier element matched.
    if (element.kind !== 'entity') return undefined;
    found ||= isAncestor(world, child, element);
  }
  return bool(found);
}

type Operator = (left: Value, right: Value, world: World) => Value | undefined;

function ordered(compare: (a: bigint, b: bigint) => boolean): Operator {
  return (a, b) => {
    if (a.kind === 'long' && b.kind === 'long') return bool(compare(a.value, b.value));
    if (a.kind === 'datetime' && b.kind === 'datetime') return bool(compare(a.value, b.value));
    return a.kind === 'duration' && b.kind === 'duration' ? bool(compare(a.value, b.value)) : undefined;
  };
}

function arithmetic(compute: (a: bigint, b: bigint) => bigint): Operator {
  return (a, b) => (a.kind === 'long' && b.kind === 'long' ? long(compute(a.value, b.value)) : undefined);
}

function has(set: Value & { readonly kind: 'set' }, element: Value): boolean {
  return set.elements.some((candidate) => equal(candidate, element));
}

function tagsOf(holder: Value, world: World): ReadonlyMap<string, Value> | undefined {
  return holder.kind === 'entity' ? (world.entity(holder.type, holder.id)?.tags ?? new Map()) : undefined;
}

const STRICT: Readonly<Record<Exclude<Binary, 'and' | 'or'>, Operator>> = {
  equal: (a, b) => bool(equal(a, b)),
  notEqual: (a, b) => bool(!equal(a, b)),
  less: ordered((a, b) => a < b),
  lessEqual: ordered((a, b) => a <= b),
  greater: ordered((a, b) => a > b),
  greaterEqual: ordered((a, b) => a >= b),
  add: arithmetic((a, b) => a + b),
  subtract: arithmetic((a, b) => a - b),
  multiply: arithmetic((a, b) => a * b),
  in: (a, b, world) => isIn(world, a, b),
  contains: (a, b) => (a.kind === 'set' ? bool(has(a, b)) : undefined),
  containsAll: (a, b) =>
    a.kind === 'set' && b.kind === 'set' ? bool(b.elements.every((element) => has(a, element))) : undefined,
  containsAny: (a, b) =>
    a.kind === 'set' && b.kind === 'set' ? bool(b.elements.some((element) => has(a, element))) : undefined,
  hasTag: (a, b, world) => {
    const tags = tagsOf(a, world);
    return tags !== undefined && b.kind === 'string' ? bool(tags.has(b.value)) : undefined;
  },
  getTag: (a, b, world) => (b.kind === 'string' ? tagsOf(a, world)?.get(b.value) : undefined),
};

/** `&&` decides on false, `||` on true; the right side is evaluated only otherwise. */
function shortCircuit(left: Closure, right: Closure, deciding: boolean): Closure {
  return (world) => {
    const first = left(world);
    if (first?.kind !== 'bool') return undefined;
    if (first.value === deciding) return first;
    const second = right(world);
    return second?.kind === 'bool' ? second : undefined;
  };
}

function binary(op: Binary, left: Closure, right: Closure): Closure {
  if (op === 'and' || op === 'or') return shortCircuit(left, right, op === 'or');
  const operator = STRICT[op];
  return (world) => {
    const a = left(world);
    if (a === undefined) return undefined;
    const b = right(world);
    return b === undefined ? undefined : operator(a, b, world);
  };
}

function fieldsOf(value: Value, world: World): ReadonlyMap<string, Value> | undefined {
  if (value.kind === 'record') return value.fields;
  return value.kind === 'entity' ? (world.entity(value.type, value.id)?.attributes ?? new Map()) : undefined;
}

function hasPath(operand: Closure, path: readonly string[]): Closure {
  return (world) => {
    let value = operand(world);
    for (const name of path) {
      const fields = value === undefined ? undefined : fieldsOf(value, world);
      if (fields === undefined) return undefined;
      value = fields.get(name);
      if (value === undefined) return FALSE;
    }
    return TRUE;
  };
}

function evaluateAll(closures: readonly Closure[], world: World): Value[] | undefined {
  const values: Value[] = [];
  for (const closure of closures) {
    const value = closure(world);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** Set and extension literals are made once, not at each request. */
function foldLiterals(operands: readonly Expression[], make: (values: readonly Value[]) => Value | undefined): Closure {
  const constants = operands.flatMap((operand) => (operand.op === 'literal' ? [operand.value] : []));
  if (constants.length === operands.length) {
    const value = make(constants);
    return () => value;
  }
  const closures = operands.map(compileExpression);
  return (world) => {
    const values = evaluateAll(closures, world);
    return values === undefined ? undefined : make(values);
  };
}

function call(name: string, operands: readonly Expression[]): Closure {
  if (isConstructor(name)) return foldLiterals(operands, (values) => callExtension(name, values));
  const closures = operands.map(compileExpression);
  return (world) => {
    const values = evaluateAll(closures, world);
    return values === undefined ? undefined : callExtension(name, values);
  };
}

function recordOf(fields: readonly (readonly [string, Expression])[]): Closure {
  const closures = fields.map(([, value]) => compileExpression(value));
  return (world) => {
    const values = evaluateAll(closures, world);
    if (values === undefined) return undefined;
    return { kind: 'record', fields: new Map(fields.map(([name], i) => [name, values[i] as Value])) };
  };
}

function isOfType(operand: Closure, type: string, within: Closure | undefined): Closure {
  return (world) => {
    const value = operand(world);
    if (value?.kind !== 'entity') return undefined;
    if (value.type !== type) return FALSE;
    if (within === undefined) return TRUE;
    const parent = within(world);
    return parent === undefined ? undefined : isIn(world, value, parent);
  };
}

function branch(test: Closure, yes: Closure, no: Closure): Closure {
  return (world) => {
    const value = test(world);
    return value?.kind === 'bool' ? (value.value ? yes : no)(world) : undefined;
  };
}

function onValue(operand: Closure, apply: (value: Value, world: World) => Value | undefined): Closure {
  return (world) => {
    const value = operand(world);
    return value === undefined ? undefined : apply(value, world);
  };
}

/** Turns an expression into a function. Source of the semantics: docs.cedarpolicy.com, "Operators". */
export function compileExpression(expression: Expression): Closure {
  switch (expression.op) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    case 'variable': {
      const { name } = expression;
      return (world) => world[name];
    }
    case 'not':
      return onValue(compileExpression(expression.operand), (v) => (v.kind === 'bool' ? bool(!v.value) : undefined));
    case 'negate':
      return onValue(compileExpression(expression.operand), (v) => (v.kind === 'long' ? long(-v.value) : undefined));
    case 'isEmpty':
      return onValue(compileExpression(expression.operand), (v) =>
        v.kind === 'set' ? bool(v.elements.length === 0) : undefined,
      );
    case 'if':
      return branch(
        compileExpression(expression.test),
        compileExpression(expression.yes),
        compileExpression(expression.no),
      );
    case 'has':
      return hasPath(compileExpression(expression.operand), expression.path);
    case 'attribute': {
      const { name } = expression;
      return onValue(compileExpression(expression.operand), (v, world) => fieldsOf(v, world)?.get(name));
    }
    case 'like': {
      const matches = likeMatcher(expression.pattern);
      return onValue(compileExpression(expression.operand), (v) =>
        v.kind === 'string' ? bool(matches(v.value)) : undefined,
      );
    }
    case 'is': {
      const within = expression.within === undefined ? undefined : compileExpression(expression.within);
      return isOfType(compileExpression(expression.operand), expression.type, within);
    }
    case 'set':
      return foldLiterals(expression.elements, (elements) => ({ kind: 'set', elements }));
    case 'record':
      return recordOf(expression.fields);
    case 'call':
      return call(expression.name, expression.operands);
    default:
      return binary(expression.op, compileExpression(expression.left), compileExpression(expression.right));
  }
}
