// The policies of a session enter; whether calls to MCP servers are judged under them leaves, and whether that depends on arguments.
import type { Attentive } from './attention.ts';
import { applicablePolicies } from './evaluate/applicable.ts';
import { type Expression, operandsOf } from './evaluate/expression.ts';
import type { Policy } from './evaluate/policy.ts';
import type { Value } from './evaluate/value.ts';
import type { SessionFacts } from './facts.ts';

export interface McpAttention {
  /** `no`: MCP is HTTP like any other. Else each call needs a permit; under `shadow` it is only recorded whether it had one. */
  readonly calls: Attentive;
  /** Whether a policy looks at arguments, which servers may then not read in two ways. */
  readonly args: Attentive;
}

const NOWHERE: McpAttention = { calls: 'no', args: 'no' };
/** Attributes of the context of `McpCall`, and those of an MCP entity: whatever asks for another one is an error in a call. */
const CONTEXT: ReadonlySet<string> = new Set(['server', 'method', 'args']);
const ENTITY: ReadonlySet<string> = new Set(['name']);

function isVariable(expression: Expression, name: 'context' | 'resource' | 'action'): boolean {
  return expression.op === 'variable' && expression.name === name;
}

function isOfMcp(value: Value): boolean {
  if (value.kind === 'set') return value.elements.some(isOfMcp);
  return (
    value.kind === 'entity' && (value.type.startsWith('MCP::') || (value.type === 'Action' && value.id === 'McpCall'))
  );
}

/** No other action has `context.server`. */
function names(expression: Expression): boolean {
  if (expression.op === 'literal') return isOfMcp(expression.value);
  if (expression.op === 'is' && expression.type.startsWith('MCP::')) return true;
  if (expression.op === 'attribute' && isVariable(expression.operand, 'context') && expression.name === 'server')
    return true;
  if (expression.op === 'has' && isVariable(expression.operand, 'context') && expression.path[0] === 'server')
    return true;
  return operandsOf(expression).some(names);
}

function partsOf({ scope, conditions }: Policy): readonly Expression[] {
  return [scope.action, scope.resource, ...conditions.map(({ body }) => body)];
}

/** Evaluating it for a call is an error, whatever the call. */
function fails(expression: Expression): boolean {
  switch (expression.op) {
    case 'literal':
    case 'variable':
      return false;
    case 'attribute':
      if (isVariable(expression.operand, 'context')) return !CONTEXT.has(expression.name);
      if (isVariable(expression.operand, 'resource')) return !ENTITY.has(expression.name);
      return fails(expression.operand);
    case 'and':
    case 'or':
      return fails(expression.left);
    case 'if':
      return fails(expression.test);
    default:
      return operandsOf(expression).some(fails);
  }
}

function isForeign(expression: Expression): boolean {
  if (expression.op === 'set') return expression.elements.every(isForeign);
  return expression.op === 'literal' && expression.value.kind === 'entity' && !isOfMcp(expression.value);
}

/** Never true of a call: it is about files, programs, hosts or secrets. */
function isNeverTrue(expression: Expression): boolean {
  switch (expression.op) {
    case 'and':
      return isNeverTrue(expression.left) || isNeverTrue(expression.right);
    case 'or':
      return fails(expression.left) || (isNeverTrue(expression.left) && isNeverTrue(expression.right));
    case 'is':
      return isVariable(expression.operand, 'resource') && !expression.type.startsWith('MCP::');
    case 'equal':
    case 'in':
      return (isVariable(expression.left, 'resource') && isForeign(expression.right)) || fails(expression);
    case 'has': {
      const [first = ''] = expression.path;
      if (isVariable(expression.operand, 'context')) return !CONTEXT.has(first);
      return isVariable(expression.operand, 'resource') && !ENTITY.has(first);
    }
    default:
      return fails(expression);
  }
}

function mayConcernCalls({ scope, conditions }: Policy): boolean {
  if (isNeverTrue(scope.resource)) return false;
  return !conditions.some(({ wants, body }) => (wants ? isNeverTrue(body) : fails(body)));
}

/** Whether the value could depend on the arguments. */
export function asksForArguments(expression: Expression): boolean {
  if (isVariable(expression, 'context')) return true;
  if (expression.op === 'attribute' && isVariable(expression.operand, 'context')) return expression.name === 'args';
  if (expression.op === 'has' && isVariable(expression.operand, 'context')) return false;
  return operandsOf(expression).some(asksForArguments);
}

function attentive(policies: readonly Policy[]): Attentive {
  if (policies.length === 0) return 'no';
  return policies.every(({ shadow }) => shadow) ? 'shadow' : 'enforced';
}

/**
 * MCP is judged as soon as one policy speaks of it: it names `Action::"McpCall"`, an entity of `MCP::` or `context.server`, whomever it is
 * about; or it forbids every action, and could be satisfied by a call. A permit for every action alone does not make it judged: it would
 * permit each call anyway. Where this cannot tell whether a policy speaks of calls, it does.
 */
export function mcpAttention(policies: readonly Policy[], facts: SessionFacts): McpAttention {
  const applicable = applicablePolicies(policies, 'McpCall', facts);
  const speaking = policies.filter((policy) => {
    if (partsOf(policy).some(names)) return true;
    return policy.effect === 'forbid' && applicable.includes(policy) && mayConcernCalls(policy);
  });
  const calls = attentive(speaking);
  if (calls === 'no') return NOWHERE;
  const asking = applicable.filter((policy) => mayConcernCalls(policy) && partsOf(policy).some(asksForArguments));
  return { calls, args: attentive(asking) };
}
