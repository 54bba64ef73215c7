// The body of a person's word in, the ruling out, or nothing when it is anything else: strict JSON.
import { type Ruling, SCOPES } from '../schema/approval.ts';

/** `{"effect": "allow", "scope": "once" | "session" | "always"}`, or deny with once or session; no further fields. */
export function readRuling(text: string): Ruling | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { effect, scope: given, ...others } = value as Record<string, unknown>;
  const scope = SCOPES.find((known) => known === given);
  if (scope === undefined || Object.keys(others).length > 0) return undefined;
  if (effect === 'allow') return { effect, scope };
  return effect === 'deny' && scope !== 'always' ? { effect, scope } : undefined;
}
