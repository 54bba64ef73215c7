// A test in; what a request must bring along so that the test is true or false, and not a runtime error, out.
import type { Expression } from './expression.ts';
import type { Value } from './value.ts';

/** A value of the request: a variable, or an attribute reached from one; with `kind`, one of that kind. */
export interface Reference {
  /** The same for the same value. */
  readonly name: string;
  readonly expression: Expression;
  readonly kind?: Value['kind'];
}

/** Undefined for what is computed. An attribute may hold any character, so the length comes before it. */
export function referenceOf(expression: Expression): Reference | undefined {
  if (expression.op === 'variable') return { name: expression.name, expression };
  if (expression.op !== 'attribute') return undefined;
  const holder = referenceOf(expression.operand);
  const { name } = expression;
  return holder && { name: `${holder.name}.${name.length}:${name}`, expression };
}

type Needs = readonly Reference[] | undefined;

function all(...needs: readonly Needs[]): Needs {
  return needs.some((each) => each === undefined) ? undefined : needs.flatMap((each) => each ?? []);
}

/** Of an operand that may have any kind. */
function ofAnyKind(expression: Expression): Needs {
  if (expression.op === 'literal') return [];
  if (expression.op === 'set') return all(...expression.elements.map(ofAnyKind));
  const reference = referenceOf(expression);
  return reference === undefined ? needsOf(expression) : [reference];
}

/** Of an operand that must have one kind. */
function ofKind(kind: Value['kind'], expression: Expression): Needs {
  if (expression.op === 'literal') return expression.value.kind === kind ? [] : undefined;
  if (expression.op === 'set') return kind === 'set' ? ofAnyKind(expression) : undefined;
  const reference = referenceOf(expression);
  return reference && [{ ...reference, kind }];
}

function parent(expression: Expression): Needs {
  if (expression.op !== 'set') return ofKind('entity', expression);
  return all(...expression.elements.map((element) => ofKind('entity', element)));
}

function has(operand: Expression, path: readonly string[]): Needs {
  if (path.length !== 1) return undefined;
  // Every variable is an entity or a record; of an attribute only one of both is asked for.
  return operand.op === 'variable' ? [] : ofKind('record', operand);
}

/** Undefined when nothing that is known beforehand keeps the test from failing. */
export function needsOf(test: Expression): Needs {
  switch (test.op) {
    case 'literal':
    case 'variable':
    case 'attribute':
      return ofKind('bool', test);
    case 'not':
      return needsOf(test.operand);
    case 'and':
    case 'or':
      return all(needsOf(test.left), needsOf(test.right));
    case 'if':
      return all(needsOf(test.test), needsOf(test.yes), needsOf(test.no));
    case 'equal':
    case 'notEqual':
      return all(ofAnyKind(test.left), ofAnyKind(test.right));
    case 'less':
    case 'lessEqual':
    case 'greater':
    case 'greaterEqual':
      return all(ofKind('long', test.left), ofKind('long', test.right));
    case 'in':
      return all(ofKind('entity', test.left), parent(test.right));
    case 'contains':
      return all(ofKind('set', test.left), ofAnyKind(test.right));
    case 'containsAll':
    case 'containsAny':
      return all(ofKind('set', test.left), ofKind('set', test.right));
    case 'isEmpty':
      return ofKind('set', test.operand);
    case 'has':
      return has(test.operand, test.path);
    case 'like':
      return ofKind('string', test.operand);
    case 'is':
      return all(ofKind('entity', test.operand), test.within === undefined ? [] : parent(test.within));
    case 'hasTag':
      return all(ofKind('entity', test.left), ofKind('string', test.right));
    default:
      return undefined;
  }
}
