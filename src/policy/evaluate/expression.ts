// Cedar expressions as a typed tree: read from the JSON policy format, evaluated concretely (closure.ts) and symbolically (compile/).
import { isExtension } from './extension.ts';
import type { Pattern } from './like.ts';
import { type Entity, entity, FALSE, TRUE, type Value } from './value.ts';

export type Variable = 'principal' | 'action' | 'resource' | 'context';
export type Unary = 'not' | 'negate' | 'isEmpty';
export type Binary =
  | 'and'
  | 'or'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessEqual'
  | 'greater'
  | 'greaterEqual'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'in'
  | 'contains'
  | 'containsAll'
  | 'containsAny'
  | 'hasTag'
  | 'getTag';

export type Expression =
  | { readonly op: 'literal'; readonly value: Value }
  | { readonly op: 'variable'; readonly name: Variable }
  | { readonly op: Unary; readonly operand: Expression }
  | { readonly op: Binary; readonly left: Expression; readonly right: Expression }
  | { readonly op: 'if'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly op: 'has'; readonly operand: Expression; readonly path: readonly string[] }
  | { readonly op: 'attribute'; readonly operand: Expression; readonly name: string }
  | { readonly op: 'like'; readonly operand: Expression; readonly pattern: Pattern }
  | { readonly op: 'is'; readonly operand: Expression; readonly type: string; readonly within?: Expression }
  | { readonly op: 'set'; readonly elements: readonly Expression[] }
  | { readonly op: 'record'; readonly fields: readonly (readonly [string, Expression])[] }
  | { readonly op: 'call'; readonly name: string; readonly operands: readonly Expression[] };

/** A construct this version does not evaluate; nothing may be decided with it. */
export class UnsupportedExpression extends Error {}

type Json = Readonly<Record<string, unknown>>;

function object(json: unknown): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UnsupportedExpression('malformed expression');
  return json as Json;
}

function array(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw new UnsupportedExpression('malformed expression');
  return json;
}

function string(json: unknown): string {
  if (typeof json !== 'string') throw new UnsupportedExpression('malformed expression');
  return json;
}

export function readEntity(json: unknown): Entity {
  const uid = object(object(json)['__entity'] ?? json);
  return entity(string(uid['type']), string(uid['id']));
}

function readLiteral(json: unknown): Value {
  if (typeof json === 'boolean') return json ? TRUE : FALSE;
  if (typeof json === 'string') return { kind: 'string', value: json };
  if (typeof json === 'number') {
    // The JSON of cedar-wasm rounds larger integers silently.
    if (!Number.isSafeInteger(json)) throw new UnsupportedExpression('an integer beyond 2^53 - 1');
    return { kind: 'long', value: BigInt(json) };
  }
  if (Array.isArray(json)) return { kind: 'set', elements: json.map(readLiteral) };
  return readEntity(json);
}

const UNARY: Readonly<Record<string, Unary>> = { '!': 'not', neg: 'negate', isEmpty: 'isEmpty' };
const BINARY: Readonly<Record<string, Binary>> = {
  '&&': 'and',
  '||': 'or',
  '==': 'equal',
  '!=': 'notEqual',
  '<': 'less',
  '<=': 'lessEqual',
  '>': 'greater',
  '>=': 'greaterEqual',
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  in: 'in',
  contains: 'contains',
  containsAll: 'containsAll',
  containsAny: 'containsAny',
  hasTag: 'hasTag',
  getTag: 'getTag',
};

function readPattern(json: unknown): Pattern {
  return array(json).map((part) => (part === 'Wildcard' ? null : string(object(part)['Literal'])));
}

function readIs(body: Json): Expression {
  const is = { op: 'is', operand: readExpression(body['left']), type: string(body['entity_type']) } as const;
  return body['in'] === undefined ? is : { ...is, within: readExpression(body['in']) };
}

function readVariable(json: unknown): Expression {
  const name = string(json);
  if (name !== 'principal' && name !== 'action' && name !== 'resource' && name !== 'context') {
    throw new UnsupportedExpression(`the variable ${name}`);
  }
  return { op: 'variable', name };
}

/** Reads one expression. Source: docs.cedarpolicy.com, "JSON policy format". Throws UnsupportedExpression. */
export function readExpression(json: unknown): Expression {
  const entries = Object.entries(object(json));
  const [operator, content] = entries[0] ?? ['', undefined];
  if (entries.length !== 1) throw new UnsupportedExpression('malformed expression');
  if (operator === 'Value') return { op: 'literal', value: readLiteral(content) };
  if (operator === 'Var') return readVariable(content);
  if (operator === 'Set') return { op: 'set', elements: array(content).map(readExpression) };
  if (operator === 'Record') {
    return {
      op: 'record',
      fields: Object.entries(object(content)).map(([name, value]) => [name, readExpression(value)]),
    };
  }
  if (isExtension(operator)) return { op: 'call', name: operator, operands: array(content).map(readExpression) };
  const body = object(content);
  const unary = Object.hasOwn(UNARY, operator) ? UNARY[operator] : undefined;
  if (unary !== undefined) return { op: unary, operand: readExpression(body['arg']) };
  const binary = Object.hasOwn(BINARY, operator) ? BINARY[operator] : undefined;
  if (binary !== undefined)
    return { op: binary, left: readExpression(body['left']), right: readExpression(body['right']) };
  switch (operator) {
    case 'if-then-else':
      return {
        op: 'if',
        test: readExpression(body['if']),
        yes: readExpression(body['then']),
        no: readExpression(body['else']),
      };
    case 'has': {
      const path = Array.isArray(body['attr']) ? body['attr'].map(string) : [string(body['attr'])];
      return { op: 'has', operand: readExpression(body['left']), path };
    }
    case '.':
      return { op: 'attribute', operand: readExpression(body['left']), name: string(body['attr']) };
    case 'like':
      return { op: 'like', operand: readExpression(body['left']), pattern: readPattern(body['pattern']) };
    case 'is':
      return readIs(body);
    default:
      throw new UnsupportedExpression(`the operator ${operator}`);
  }
}

/** The expressions that one is made of, in the order of the text. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.op) {
    case 'literal':
    case 'variable':
      return [];
    case 'if':
      return [expression.test, expression.yes, expression.no];
    case 'set':
      return expression.elements;
    case 'record':
      return expression.fields.map(([, value]) => value);
    case 'call':
      return expression.operands;
    case 'is':
      return expression.within === undefined ? [expression.operand] : [expression.operand, expression.within];
    default:
      return 'operand' in expression ? [expression.operand] : [expression.left, expression.right];
  }
}
