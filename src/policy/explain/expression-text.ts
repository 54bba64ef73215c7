// An expression in, the Cedar text a person would write for it out.
import type { Binary, Expression } from '../evaluate/expression.ts';
import { formatIp, type Ip } from '../evaluate/ip.ts';
import type { Pattern } from '../evaluate/like.ts';
import type { Value } from '../evaluate/value.ts';

const OPERATORS: Readonly<Partial<Record<Binary, string>>> = {
  and: '&&',
  or: '||',
  equal: '==',
  notEqual: '!=',
  less: '<',
  lessEqual: '<=',
  greater: '>',
  greaterEqual: '>=',
  add: '+',
  subtract: '-',
  multiply: '*',
  in: 'in',
};

const RELATION = 3;
const UNARY = 6;
const MEMBER = 7;

/** How strongly an expression binds, from weakest to strongest. Source: docs.cedarpolicy.com/policies/syntax-grammar.html. */
const STRENGTH: Readonly<Partial<Record<Expression['op'], number>>> = {
  if: 0,
  or: 1,
  and: 2,
  equal: RELATION,
  notEqual: RELATION,
  less: RELATION,
  lessEqual: RELATION,
  greater: RELATION,
  greaterEqual: RELATION,
  in: RELATION,
  has: RELATION,
  like: RELATION,
  is: RELATION,
  add: 4,
  subtract: 4,
  multiply: 5,
  not: UNARY,
  negate: UNARY,
};

function strengthOf(expression: Expression): number {
  return STRENGTH[expression.op] ?? MEMBER;
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/\\u([0-9a-f]{4})|\\([bf])/g, (_, hex?: string, letter?: string) =>
    hex === undefined ? `\\u{${letter === 'b' ? '8' : 'c'}}` : `\\u{${hex}}`,
  );
}

function patternText(pattern: Pattern): string {
  return `"${pattern.map((part) => (part === null ? '*' : quoted(part).slice(1, -1).replaceAll('*', '\\*'))).join('')}"`;
}

/** Cedar's `decimal` has at most four digits after the point, and at least one. */
function decimalText(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(5, '0');
  const fraction = digits.slice(-4).replace(/0{1,3}$/, '');
  return `decimal("${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${fraction}")`;
}

function ipText(value: Ip): string {
  const isAddress = value.prefix === (value.v4 ? 32 : 128);
  return `ip("${formatIp(value)}${isAddress ? '' : `/${value.prefix}`}")`;
}

/** Instants that `Date` can hold are written as such. */
function datetimeText(value: bigint): string {
  const date = new Date(Number(value));
  return Number.isNaN(date.getTime()) || !/^\d{4}-/.test(date.toISOString())
    ? `datetime("1970-01-01").offset(duration("${value}ms"))`
    : `datetime("${date.toISOString()}")`;
}

/** Cedar text of a value. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case 'bool':
    case 'long':
      return String(value.value);
    case 'string':
      return quoted(value.value);
    case 'decimal':
      return decimalText(value.value);
    case 'datetime':
      return datetimeText(value.value);
    case 'duration':
      return `duration("${value.value}ms")`;
    case 'entity':
      return `${value.type}::${quoted(value.id)}`;
    case 'ip':
      return ipText(value);
    case 'set':
      return `[${value.elements.map(valueText).join(', ')}]`;
    case 'record':
      return `{${[...value.fields].map(([name, field]) => `${quoted(name)}: ${valueText(field)}`).join(', ')}}`;
  }
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function callText(name: string, operands: readonly Expression[]): string {
  const isFunction = ['ip', 'decimal', 'datetime', 'duration'].includes(name);
  const [first, ...others] = operands;
  if (isFunction || first === undefined) return `${name}(${operands.map(expressionText).join(', ')})`;
  return `${inside(first, MEMBER)}.${name}(${others.map(expressionText).join(', ')})`;
}

/** In parentheses where the place binds more strongly than the expression. */
function inside(expression: Expression, strength: number): string {
  const text = expressionText(expression);
  return strengthOf(expression) < strength ? `(${text})` : text;
}

/** Cedar text of an expression: it parses to the same expression. */
export function expressionText(expression: Expression): string {
  switch (expression.op) {
    case 'literal':
      return valueText(expression.value);
    case 'variable':
      return expression.name;
    case 'not':
      return `!${inside(expression.operand, UNARY + 1)}`;
    case 'negate':
      return `-${inside(expression.operand, UNARY + 1)}`;
    case 'isEmpty':
      return `${inside(expression.operand, MEMBER)}.isEmpty()`;
    case 'if':
      return `if ${expressionText(expression.test)} then ${expressionText(expression.yes)} else ${expressionText(expression.no)}`;
    case 'has':
      return `${inside(expression.operand, RELATION + 1)} has ${expression.path.every(isIdentifier) ? expression.path.join('.') : quoted(expression.path[0] ?? '')}`;
    case 'attribute':
      return isIdentifier(expression.name)
        ? `${inside(expression.operand, MEMBER)}.${expression.name}`
        : `${inside(expression.operand, MEMBER)}[${quoted(expression.name)}]`;
    case 'like':
      return `${inside(expression.operand, RELATION + 1)} like ${patternText(expression.pattern)}`;
    case 'is': {
      const is = `${inside(expression.operand, RELATION + 1)} is ${expression.type}`;
      return expression.within === undefined ? is : `${is} in ${inside(expression.within, RELATION + 1)}`;
    }
    case 'set':
      return `[${expression.elements.map(expressionText).join(', ')}]`;
    case 'record':
      return `{${expression.fields.map(([name, value]) => `${quoted(name)}: ${expressionText(value)}`).join(', ')}}`;
    case 'call':
      return callText(expression.name, expression.operands);
    case 'contains':
    case 'containsAll':
    case 'containsAny':
    case 'hasTag':
    case 'getTag':
      return `${inside(expression.left, MEMBER)}.${expression.op}(${expressionText(expression.right)})`;
    default: {
      const strength = strengthOf(expression);
      // Relations do not associate; the others group to the left.
      const left = inside(expression.left, strength === RELATION ? RELATION + 1 : strength);
      return `${left} ${OPERATORS[expression.op] ?? expression.op} ${inside(expression.right, strength + 1)}`;
    }
  }
}
