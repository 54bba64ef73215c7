// One policy, ready to evaluate: from the JSON policy format and its annotations to scope and conditions as expressions.
import { type Expression, readEntity, readExpression, UnsupportedExpression, type Variable } from './expression.ts';
import { TRUE } from './value.ts';

/** A checked policy in the form that is stored: everything but the expressions, which `readPolicy` makes of `json`. */
export interface PolicyRecord {
  readonly id: string;
  /** `@mode("shadow")`: left out of the enforced set. */
  readonly shadow: boolean;
  readonly reason?: string;
  /** `@ask("…")`: the effect depends on a person's answer. */
  readonly ask?: string;
  /** `@passthrough`: TLS on connections that it permits stays closed. */
  readonly passthrough?: true;
  /** The statement in Cedar's JSON policy format. */
  readonly json: unknown;
}

export interface Condition {
  /** `when` wants true, `unless` wants false; a runtime error satisfies neither. */
  readonly wants: boolean;
  readonly body: Expression;
}

export interface Policy {
  readonly id: string;
  readonly shadow: boolean;
  readonly reason?: string;
  readonly ask?: string;
  readonly passthrough?: true;
  readonly effect: 'permit' | 'forbid';
  readonly scope: Readonly<Record<'principal' | 'action' | 'resource', Expression>>;
  readonly conditions: readonly Condition[];
}

interface ScopeJson {
  readonly op: string;
  readonly entity?: unknown;
  readonly entities?: readonly unknown[];
  readonly entity_type?: string;
  readonly in?: { readonly entity: unknown };
}

interface PolicyJson {
  readonly effect: string;
  readonly principal: ScopeJson;
  readonly action: ScopeJson;
  readonly resource: ScopeJson;
  readonly conditions: readonly { readonly kind: string; readonly body: unknown }[];
}

function literal(json: unknown): Expression {
  return { op: 'literal', value: readEntity(json) };
}

function readScope(name: Variable, scope: ScopeJson): Expression {
  const variable: Expression = { op: 'variable', name };
  switch (scope.op) {
    case 'All':
      return { op: 'literal', value: TRUE };
    case '==':
      return { op: 'equal', left: variable, right: literal(scope.entity) };
    case 'in': {
      const right: Expression =
        scope.entities === undefined ? literal(scope.entity) : { op: 'set', elements: scope.entities.map(literal) };
      return { op: 'in', left: variable, right };
    }
    case 'is': {
      const is = { op: 'is', operand: variable, type: scope.entity_type ?? '' } as const;
      return scope.in === undefined ? is : { ...is, within: literal(scope.in.entity) };
    }
    default:
      throw new UnsupportedExpression(`the scope operator ${scope.op}`);
  }
}

type Body = Pick<Policy, 'effect' | 'scope' | 'conditions'>;

/** A statement is read once; policies made of the same JSON object share scope and conditions. */
const bodies = new WeakMap<object, Body>();

function readBody(json: PolicyJson): Body {
  const known = bodies.get(json);
  if (known !== undefined) return known;
  const body: Body = {
    effect: json.effect === 'permit' ? 'permit' : 'forbid',
    scope: {
      principal: readScope('principal', json.principal),
      action: readScope('action', json.action),
      resource: readScope('resource', json.resource),
    },
    conditions: json.conditions.map(({ kind, body }) => ({ wants: kind === 'when', body: readExpression(body) })),
  };
  bodies.set(json, body);
  return body;
}

/** Throws UnsupportedExpression when the statement holds a construct that this version does not evaluate. */
export function readPolicy(stored: PolicyRecord): Policy {
  return {
    id: stored.id,
    shadow: stored.shadow,
    ...(stored.reason === undefined ? {} : { reason: stored.reason }),
    ...(stored.ask === undefined ? {} : { ask: stored.ask }),
    ...(stored.passthrough && { passthrough: true }),
    ...readBody(stored.json as PolicyJson),
  };
}
