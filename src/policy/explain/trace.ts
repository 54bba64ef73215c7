// One policy and the world of a request in; whether the policy is satisfied, and the part of it that decides this, out.
import { type Closure, compileExpression, type World } from '../evaluate/closure.ts';
import { type Expression, operandsOf } from '../evaluate/expression.ts';
import type { Policy } from '../evaluate/policy.ts';
import type { Value } from '../evaluate/value.ts';

export type Part = 'action' | 'principal' | 'resource' | 'when' | 'unless';

/** What a part of the request was, where a failed part asked about it. */
export interface Fact {
  readonly expression: Expression;
  /** Undefined when asking for it is a runtime error. */
  readonly value: Value | undefined;
}

export interface Failure {
  readonly part: Part;
  /** The smallest expression that explains the failure: a conjunct that is false, a disjunct of `unless` that is true, what raised the error. */
  readonly expression: Expression;
  readonly facts: readonly Fact[];
}

export interface Trace {
  readonly policy: Policy;
  /** As Cedar says: an error skips the policy. */
  readonly outcome: 'satisfied' | 'not satisfied' | 'error';
  /** Of a policy that is not satisfied. */
  readonly failure?: Failure;
  /** Number of parts that held before the one that failed: the more, the nearer the policy is to being satisfied. */
  readonly held: number;
}

type Truth = 'true' | 'false' | 'error';

function truthOf(value: Value | undefined): Truth {
  return value?.kind === 'bool' ? (value.value ? 'true' : 'false') : 'error';
}

/** Operands in the order Cedar evaluates them; only those it does evaluate. */
function evaluated(expression: Expression, world: World): readonly Expression[] {
  switch (expression.op) {
    case 'and':
    case 'or': {
      const left = truthOf(compileExpression(expression.left)(world));
      const isDecided = left === (expression.op === 'and' ? 'false' : 'true');
      return isDecided ? [expression.left] : [expression.left, expression.right];
    }
    case 'if': {
      const test = truthOf(compileExpression(expression.test)(world));
      return [expression.test, test === 'true' ? expression.yes : expression.no];
    }
    default:
      return operandsOf(expression);
  }
}

/** The innermost expression whose operands have values and which has none. */
function errorIn(expression: Expression, world: World): Expression {
  const inner = evaluated(expression, world).find((operand) => compileExpression(operand)(world) === undefined);
  return inner === undefined ? expression : errorIn(inner, world);
}

/** Of a conjunction that is false, the conjunct that is; of a disjunction that is true, the disjunct that is. */
function reasonFor(expression: Expression, truth: 'true' | 'false', world: World): Expression {
  const splits = truth === 'false' ? 'and' : 'or';
  if (expression.op !== splits) return expression;
  const isLeft = truthOf(compileExpression(expression.left)(world)) === truth;
  return reasonFor(isLeft ? expression.left : expression.right, truth, world);
}

/** A variable, or an attribute of one: `resource.name`, `context.proc.exe`. */
function isReference(expression: Expression): boolean {
  return expression.op === 'variable' || (expression.op === 'attribute' && isReference(expression.operand));
}

/** What the expression asks the request, each question once. */
function factsOf(expression: Expression, world: World): readonly Fact[] {
  // `context` as a whole says nothing to a person.
  if (expression.op === 'variable' && expression.name === 'context') return [];
  if (isReference(expression)) return [{ expression, value: compileExpression(expression)(world) }];
  const facts = evaluated(expression, world).flatMap((operand) => factsOf(operand, world));
  return [...new Map(facts.map((fact) => [JSON.stringify(fact.expression), fact])).values()];
}

function failure(part: Part, expression: Expression, world: World): Failure {
  return { part, expression, facts: factsOf(expression, world) };
}

interface Step {
  readonly part: Part;
  readonly body: Expression;
  readonly wants: boolean;
}

function stepsOf(policy: Policy): readonly Step[] {
  const scope = (['action', 'principal', 'resource'] as const).map((part) => ({
    part,
    body: policy.scope[part],
    wants: true,
  }));
  const conditions = policy.conditions.map(({ wants, body }) => ({
    part: wants ? ('when' as const) : ('unless' as const),
    body,
    wants,
  }));
  return [...scope, ...conditions];
}

/** Evaluates the parts of a policy one by one, in the order in which Cedar does. */
export function tracePolicy(policy: Policy, world: World): Trace {
  let held = 0;
  for (const { part, body, wants } of stepsOf(policy)) {
    const evaluate: Closure = compileExpression(body);
    const truth = truthOf(evaluate(world));
    if (truth === 'error') {
      return { policy, outcome: 'error', failure: failure(part, errorIn(body, world), world), held };
    }
    if ((truth === 'true') !== wants) {
      const reason = reasonFor(body, truth, world);
      return { policy, outcome: 'not satisfied', failure: failure(part, reason, world), held };
    }
    held += 1;
  }
  return { policy, outcome: 'satisfied', held };
}
