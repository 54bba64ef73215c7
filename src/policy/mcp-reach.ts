// A tool, prompt or resource of an MCP server enters as a call without arguments; whether some call of it may be permitted leaves.
import type { McpRequest } from '../schema/request.ts';
import { Authorizer } from './evaluate/authorizer.ts';
import type { Policy } from './evaluate/policy.ts';
import type { SessionFacts } from './facts.ts';
import { asksForArguments } from './mcp-attention.ts';

function hasAsking({ scope, conditions }: Policy): boolean {
  return [scope.resource, ...conditions.map(({ body }) => body)].some(asksForArguments);
}

/** As if every condition on arguments held: of a permit it is left out, and a forbid with one is not there. */
function withoutArguments(policy: Policy): readonly Policy[] {
  if (!hasAsking(policy)) return [policy];
  if (policy.effect === 'forbid') return [];
  return [{ ...policy, conditions: policy.conditions.filter(({ body }) => !asksForArguments(body)) }];
}

export class McpReach {
  readonly #authorizer: Authorizer;

  /** All policies of the set. `facts` are canonical. */
  constructor(policies: readonly Policy[], facts: SessionFacts) {
    this.#authorizer = new Authorizer(policies.filter(({ shadow }) => !shadow).flatMap(withoutArguments), facts);
  }

  /** Never false when a call with some arguments is permitted, perhaps by a person's word. */
  includes(request: McpRequest): boolean {
    const { effect, ask } = this.#authorizer.decide(request);
    return effect === 'allow' || ask !== undefined;
  }
}
