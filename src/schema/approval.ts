// What a person is asked when an `@ask` policy wants a word, and what can come of it.
import type { Who } from './event.ts';
import type { Action, Resource } from './request.ts';

/** For how long a word holds: for the calls that wait now, until the session ends, until it is taken back. */
export const SCOPES = ['once', 'session', 'always'] as const;
export type Scope = (typeof SCOPES)[number];

/** A person's word. A refusal is never kept beyond the session: a forbid in the policy is the way to keep one. */
export type Ruling =
  | { readonly effect: 'allow'; readonly scope: Scope }
  | { readonly effect: 'deny'; readonly scope: Exclude<Scope, 'always'> };

/** What settled a question: a person's approval or refusal; or why there was none, which refuses. */
export type SettledBy = Scope | 'denied' | 'timeout' | 'nobody' | 'flood' | 'withdrawn';

/** How a question ended, as events carry it. */
export interface Approval {
  readonly by: SettledBy;
  /** Milliseconds that the operation was held for it. */
  readonly waited: number;
}

/** Exactly what is asked about, beside the action and the resource: arguments, port, method and path. */
export type Particulars = Readonly<Record<string, string | number | readonly string[]>>;

/** An open question. */
export interface Question {
  /** Never used twice in a session. */
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly opened: number;
  /** When it ends in a refusal; as `opened`. */
  readonly expires: number;
  /** The process that asked first. */
  readonly who?: Who;
  readonly actions: readonly Action[];
  readonly resource: Resource;
  readonly particulars: Particulars;
  /** From `@ask("…")`. */
  readonly text: string;
  /** Ids of the policies that ask. */
  readonly policies: readonly string[];
  /** Calls that wait for the answer. */
  readonly waiting: number;
}

/** Where a person's words go. */
export interface Approver {
  /** Open questions, oldest first. */
  list(): readonly Question[];
  /** False: there is no open question of that id. Throws LeashError when the word cannot be kept. */
  rule(id: string, ruling: Ruling): boolean;
}

/** An approval that holds until it is taken back. */
export interface KeptApproval {
  readonly id: string;
  /** SHA-256 (hex) of all that it is for: agent, program and its server, action, resource, particulars, texts of the asking policies. */
  readonly key: string;
  readonly agent: string;
  readonly exe: string;
  readonly via?: string;
  readonly action: Action;
  /** The resource's name or path, for a person. */
  readonly resource: string;
  /** Milliseconds since the Unix epoch. */
  readonly given: number;
}
