// The actions of leash.cedarschema: which requests can name them, and the groups they belong to.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import { entityKey } from './value.ts';

/** Pure groups: no request has one as its action. */
export const ACTION_GROUPS = ['FileOpen', 'FileOpenReadWrite', 'NetworkConnect'] as const;

/** Every action that a request can name; some layer asks about each. */
export const ACTIONS: readonly Action[] = [
  ...FILE_ACTIONS,
  'ProcessExec',
  'NetConnect',
  'HttpRequest',
  'DnsResolve',
  'HttpRewrite',
  'SecretUse',
  'McpCall',
];

function groupNames(action: Action): readonly string[] {
  if (action === 'FileOpenReadOnly') return ['FileOpen'];
  if (action === 'NetConnect' || action === 'HttpRequest') return ['NetworkConnect'];
  return (FILE_ACTIONS as readonly string[]).includes(action) ? ['FileOpenReadWrite', 'FileOpen'] : [];
}

/** Keys of the groups that hold an action, transitively. */
export function actionGroups(action: Action): ReadonlySet<string> {
  return new Set(groupNames(action).map((group) => entityKey('Action', group)));
}
