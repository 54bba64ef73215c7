// Checked policies in; the places where the reference system decided otherwise than Cedar does, and no edit can tell which was meant, out.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import { actionGroups } from '../evaluate/actions.ts';
import type { Expression } from '../evaluate/expression.ts';
import type { Policy } from '../evaluate/policy.ts';
import { type Entity, entityKey } from '../evaluate/value.ts';

export interface MigrationWarning {
  /** Id of the policy it is about. */
  readonly id: string;
  readonly message: string;
  readonly hint: string;
}

const PATH_ACTIONS: readonly Action[] = [...FILE_ACTIONS, 'ProcessExec'];

function entitiesIn(expression: Expression): readonly Entity[] {
  if (expression.op === 'literal' && expression.value.kind === 'entity') return [expression.value];
  if (expression.op !== 'set') return [];
  return expression.elements.flatMap(entitiesIn);
}

/** Entities that the resource must equal or lie in; undefined when the expression says something else. */
function placesIn(expression: Expression): readonly Entity[] | undefined {
  if (expression.op === 'or') {
    const [left, right] = [placesIn(expression.left), placesIn(expression.right)];
    return left && right && [...left, ...right];
  }
  if (expression.op === 'is' && expression.within !== undefined) return entitiesIn(expression.within);
  if (expression.op !== 'in' && expression.op !== 'equal') return undefined;
  return expression.left.op === 'variable' && expression.left.name === 'resource'
    ? entitiesIn(expression.right)
    : undefined;
}

/** The conjuncts of scope and `when` conditions. */
function conjuncts(policy: Policy): readonly Expression[] {
  const split = (expression: Expression): readonly Expression[] =>
    expression.op === 'and' ? [...split(expression.left), ...split(expression.right)] : [expression];
  const conditions = policy.conditions.filter(({ wants }) => wants).flatMap(({ body }) => split(body));
  return [policy.scope.resource, ...conditions];
}

/** Paths a policy is bound to; a directory ends with a slash. None when it is not bound to any by name. */
function pathsOf(policy: Policy): readonly string[] {
  const places = conjuncts(policy).flatMap((conjunct) => placesIn(conjunct) ?? []);
  return places.flatMap(({ type, id }) => {
    if (type === 'File') return [id];
    if (type !== 'Dir') return [];
    return [id.endsWith('/') ? id : `${id}/`];
  });
}

/** Ids of the actions and groups that the scope names; none for every action. */
function namedActions(policy: Policy): readonly string[] {
  const { action } = policy.scope;
  return action.op === 'equal' || action.op === 'in' ? entitiesIn(action.right).map(({ id }) => id) : [];
}

function speaksOf(policy: Policy, action: Action): boolean {
  const named = namedActions(policy);
  const groups = actionGroups(action);
  return named.length === 0 || named.some((id) => id === action || groups.has(entityKey('Action', id)));
}

/** The longest path decided in the reference, so a permit below a forbidden directory was an exception; in Cedar it is none. */
function overruled(permit: Policy, forbids: readonly Policy[]): readonly MigrationWarning[] {
  return pathsOf(permit).flatMap((path) => {
    const over = forbids.flatMap((forbid) => {
      const isShared = PATH_ACTIONS.some((action) => speaksOf(permit, action) && speaksOf(forbid, action));
      const above = pathsOf(forbid).find(
        (directory) => directory.endsWith('/') && directory !== path && path.startsWith(directory),
      );
      return isShared && above !== undefined ? [{ forbid, above }] : [];
    });
    const [first] = over;
    if (first === undefined) return [];
    const literal = `${path.endsWith('/') ? 'Dir' : 'File'}::${JSON.stringify(path)}`;
    return [
      {
        id: permit.id,
        message: `the permit for ${path} lies below ${first.above}, which ${first.forbid.id} forbids; the reference let the longer path win, in Cedar the forbid does`,
        hint: `to keep the exception, add \`unless { resource in ${literal} }\` to ${first.forbid.id}`,
      },
    ];
  });
}

/** `FileOpen` holds every file action, so listing it beside the read-only one permits writing too. */
function widened(permit: Policy): readonly MigrationWarning[] {
  const named = namedActions(permit);
  const isForReading =
    named.includes('FileOpen') && named.includes('FileOpenReadOnly') && !named.includes('FileOpenReadWrite');
  if (!isForReading) return [];
  return [
    {
      id: permit.id,
      message: 'it lists FileOpen beside FileOpenReadOnly, and FileOpen covers writing, too',
      hint: 'for reading alone, write `action == Action::"FileOpenReadOnly"`',
    },
  ];
}

/** Policies in the order of the text. */
export function migrationWarnings(policies: readonly Policy[]): readonly MigrationWarning[] {
  const forbids = policies.filter(({ effect }) => effect === 'forbid');
  return policies
    .filter(({ effect }) => effect === 'permit')
    .flatMap((permit) => [...widened(permit), ...overruled(permit, forbids)]);
}
