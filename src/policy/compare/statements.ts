// Two policy sets in; out come the statements they share and those that only one of them has, and the constants of policies.
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

export interface Statements {
  /** The sets, with equal scopes and conditions as the same objects. */
  readonly all: Pair<readonly Policy[]>;
  /** Of each set the statements that the other one lacks; ids and reasons aside, which decide nothing. */
  readonly edited: Pair<readonly Policy[]>;
}

/** Finds what two sets have in common. */
export function matchStatements({ old, new: later }: Pair<readonly Policy[]>): Statements {
  const bodies = new Map<string, Pick<Policy, 'scope' | 'conditions'>>();
  const keys = new Map<Policy, string>();
  const share = (policy: Policy): Policy => {
    const { effect, ask, shadow, scope, conditions } = policy;
    const key = keyOf({ scope, conditions });
    const body = bodies.get(key) ?? { scope, conditions };
    bodies.set(key, body);
    const shared = { ...policy, ...body };
    keys.set(shared, `${effect} ${ask !== undefined} ${shadow} ${key}`);
    return shared;
  };
  const all = { old: old.map(share), new: later.map(share) };
  const missing = (policies: readonly Policy[], others: readonly Policy[]): readonly Policy[] => {
    const known = new Set(others.map((policy) => keys.get(policy)));
    return policies.filter((policy) => !known.has(keys.get(policy)));
  };
  return { all, edited: { old: missing(all.old, all.new), new: missing(all.new, all.old) } };
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
    const { kind, value, id, pattern } = node as Readonly<Record<string, unknown>>;
    // What stands between the wildcards of a pattern.
    if (Array.isArray(pattern)) for (const part of pattern) if (typeof part === 'string') constants.add(part);
    if (kind === 'string' && typeof value === 'string') constants.add(value);
    if (kind === 'entity' && typeof id === 'string') constants.add(id);
    for (const child of Object.values(node)) visit(child);
  };
  for (const { scope, conditions } of policies) visit({ scope, conditions });
  return [...constants];
}
