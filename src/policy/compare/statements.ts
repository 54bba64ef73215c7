// Statements of two sets: equal ones are made one object, so that each is evaluated once; the constants a policy compares with.
import type { Policy } from '../evaluate/policy.ts';

export interface Pair<T> {
  readonly old: T;
  readonly new: T;
}

/** JSON with what JSON lacks; equal texts mean equal trees. */
function keyOf(tree: unknown): string {
  return JSON.stringify(tree, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    return value instanceof Map ? [...value] : value;
  });
}

/** The same policies, those with equal scopes and conditions sharing them as objects. */
export function shareStatements({ old, new: later }: Pair<readonly Policy[]>): Pair<readonly Policy[]> {
  const known = new Map<string, Pick<Policy, 'scope' | 'conditions'>>();
  const share = (policy: Policy): Policy => {
    const { scope, conditions } = policy;
    const key = keyOf({ scope, conditions });
    const shared = known.get(key) ?? { scope, conditions };
    known.set(key, shared);
    return { ...policy, ...shared };
  };
  return { old: old.map(share), new: later.map(share) };
}

/** Every text and every entity id that the policies hold. */
export function constantsOf(policies: readonly Policy[]): readonly string[] {
  const constants = new Set<string>();
  const visit = (node: unknown): void => {
    if (node instanceof Map) {
      for (const field of node.values()) visit(field);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const { kind, value, id } = node as { readonly kind?: unknown; readonly value?: unknown; readonly id?: unknown };
    if (kind === 'string' && typeof value === 'string') constants.add(value);
    if (kind === 'entity' && typeof id === 'string') constants.add(id);
    for (const child of Object.values(node)) visit(child);
  };
  for (const { scope, conditions } of policies) visit({ scope, conditions });
  return [...constants];
}
