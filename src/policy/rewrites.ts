// Policies about `HttpRewrite` in; the pairs of a header and a value that their constants name together out.
import type { Expression } from './evaluate/expression.ts';
import type { Policy } from './evaluate/policy.ts';

/** A header that some permit would have set. */
export interface Rewrite {
  /** As the policy spells it. */
  readonly header: string;
  readonly value: string;
}

/** One way in which a condition can hold, as far as it names constants. */
interface Way {
  readonly headers: readonly string[];
  readonly values: readonly string[];
}

/** More than anyone writes; from here on a policy names nothing. */
const MOST_WAYS = 256;
const ANY_WAY: readonly Way[] = [{ headers: [], values: [] }];

function isContext(expression: Expression, name: 'header' | 'value'): boolean {
  return (
    expression.op === 'attribute' &&
    expression.name === name &&
    expression.operand.op === 'variable' &&
    expression.operand.name === 'context'
  );
}

function textsOf(expression: Expression): readonly string[] {
  if (expression.op === 'set') return expression.elements.flatMap(textsOf);
  if (expression.op !== 'literal') return [];
  const { value } = expression;
  if (value.kind === 'set') return value.elements.flatMap((each) => (each.kind === 'string' ? [each.value] : []));
  return value.kind === 'string' ? [value.value] : [];
}

/** `subject` is one of the constants. */
function waysOf(subject: Expression, constants: Expression): readonly Way[] {
  const texts = textsOf(constants);
  if (texts.length === 0) return ANY_WAY;
  if (isContext(subject, 'header')) return texts.map((header) => ({ headers: [header], values: [] }));
  return isContext(subject, 'value') ? texts.map((value) => ({ headers: [], values: [value] })) : ANY_WAY;
}

function bothOf(left: readonly Way[], right: readonly Way[]): readonly Way[] {
  if (left.length * right.length > MOST_WAYS) return ANY_WAY;
  return left.flatMap((a) =>
    right.map((b) => ({ headers: [...a.headers, ...b.headers], values: [...a.values, ...b.values] })),
  );
}

function ways(expression: Expression): readonly Way[] {
  switch (expression.op) {
    case 'and':
      return bothOf(ways(expression.left), ways(expression.right));
    case 'or':
      return [...ways(expression.left), ...ways(expression.right)];
    case 'if':
      return [...bothOf(ways(expression.test), ways(expression.yes)), ...ways(expression.no)];
    case 'equal': {
      const { left, right } = expression;
      return textsOf(right).length > 0 ? waysOf(left, right) : waysOf(right, left);
    }
    case 'contains':
      return waysOf(expression.right, expression.left);
    default:
      return ANY_WAY;
  }
}

/** What one permit names, in the order of its text. */
export function rewritesOf({ effect, conditions }: Policy): readonly Rewrite[] {
  if (effect !== 'permit') return [];
  const all = conditions.filter(({ wants }) => wants).reduce((left, { body }) => bothOf(left, ways(body)), ANY_WAY);
  return all.flatMap(({ headers, values }) => headers.flatMap((header) => values.map((value) => ({ header, value }))));
}
