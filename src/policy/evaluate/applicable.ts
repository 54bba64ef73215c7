// Policies, an action and the session's facts in; the policies whose principal and action are those of every such request out.
import type { Action } from '../../schema/request.ts';
import type { SessionFacts } from '../facts.ts';
import { actionGroups } from './actions.ts';
import { compileExpression, type EntityData, type World } from './closure.ts';
import type { Policy } from './policy.ts';
import { entity, type Value } from './value.ts';
import { agentData } from './world.ts';

/** The scopes of principal and action depend on nothing else, so they are decided once. `facts` are canonical. */
export function applicablePolicies(
  policies: readonly Policy[],
  action: Action,
  facts: SessionFacts,
): readonly Policy[] {
  const asked: Value = entity('Action', action);
  const groups: EntityData = { attributes: new Map(), tags: new Map(), ancestors: actionGroups(action) };
  const agent = agentData(facts);
  const world: World = {
    principal: entity('Agent', facts.agent),
    action: asked,
    resource: asked,
    context: asked,
    entity: (type) => (type === 'Action' ? groups : agent),
  };
  return policies.filter(({ scope }) =>
    [scope.principal, scope.action].every((part) => {
      const value = compileExpression(part)(world);
      return value?.kind === 'bool' && value.value;
    }),
  );
}
