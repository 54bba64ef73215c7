// The answer to a request, and how strictly a session applies it.
import type { Approval } from './approval.ts';

/** What waits for a person's word (`@ask`) is a deny until the word is given, so a layer that knows nothing of asking refuses. */
export type Effect = 'allow' | 'deny';

/**
 * enforce: a deny stops the operation. shadow: a deny is recorded and the operation goes on. record: like shadow, and the
 * session is meant to be learned from.
 */
export const MODES = ['enforce', 'shadow', 'record'] as const;
export type Mode = (typeof MODES)[number];

/** inspect: TLS is opened, so that each request is seen. splice: only where a rule has to see requests. */
export const TLS_MODES = ['inspect', 'splice'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

export interface Verdict {
  readonly effect: Effect;
  /** Ids of the policies that determined the effect; empty when nothing permitted it (default deny). Source: Cedar `diagnostics.reason`. */
  readonly policies: readonly string[];
  /** The `@reason` of the first determining policy that has one. */
  readonly reason?: string;
  /** Present when `effect` is deny only until a person agrees: the question, from `@ask("…")` of the first determining policy. */
  readonly ask?: string;
  /** How the question ended. With an approval `effect` is allow, and `policies` are those that asked. */
  readonly approval?: Approval;
  /** What the set including `@mode("shadow")` policies would have said, when it differs from `effect`. */
  readonly shadow?: Effect;
  /** Policies whose evaluation failed (a Cedar runtime error skips the policy). */
  readonly errors?: readonly string[];
}
