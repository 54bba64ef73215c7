// Words of the HTTP API about learning: what is asked of recorded sessions, what is suggested from them, and what a text would have changed.
import type { Paragraph } from './paragraph.ts';
import type { Action } from './request.ts';

/** Neither: the session of the path. `since` alone: all that were alive then; both: those sessions, from then on. */
export interface LearnFrom {
  /** Ids; more than one, or another than the path names, needs a token of the user. */
  readonly sessions?: readonly string[];
  /** Milliseconds since the Unix epoch; earlier events are not meant. */
  readonly since?: number;
}

export interface SuggestOrder extends LearnFrom {
  /** `policy`: only what the last policy of the path's session lacks; `nothing`: a policy that stands alone. */
  readonly base?: 'nothing' | 'policy';
  /** Widen nothing. */
  readonly exact?: boolean;
  /** Also what was denied, and so not done. */
  readonly denied?: boolean;
}

export interface BacktestOrder extends LearnFrom {
  readonly text: string;
  /** `policy`: the text stands behind the last policy of the path's session; `nothing`: it stands alone. */
  readonly base?: 'nothing' | 'policy';
}

/** How the reading of one journal ended. */
export interface JournalRead {
  readonly session: string;
  readonly events: number;
  /** Bytes of a last line that a crash cut off. */
  readonly torn: number;
  /** Why the rest cannot be trusted. */
  readonly fault?: string;
}

export interface SuggestedStatement {
  readonly id: string;
  readonly text: string;
  readonly actions: readonly Action[];
  readonly events: number;
  readonly sessions: number;
  /** Different resources that were seen. */
  readonly names: number;
  /** Some of them, the first in their order; the agent chose them. */
  readonly examples: readonly string[];
  /** What it permits beyond what was seen, in words; absent when that is nothing but other programs and arguments. */
  readonly widening?: string;
}

/** In one kind of session: the same directories, user and statements of Leash. */
export interface SuggestionProof {
  readonly workspace: string;
  /** What the statements allow that the base does not: nothing else does. */
  readonly differences: readonly Paragraph[];
  /** How many are not listed. */
  readonly more: number;
}

export interface SuggestionAnswer {
  /** Compiled; it permits all that it was made from. One comment when nothing is missing. */
  readonly policy: string;
  readonly statements: readonly SuggestedStatement[];
  /** Different requests: permitted by the statements, and by the base already. */
  readonly operations: { readonly added: number; readonly permitted: number };
  readonly events: { readonly taken: number; readonly denied: number; readonly asked: number; readonly cut: number };
  /** What is not suggested, and why. */
  readonly notes: readonly string[];
  readonly proof: readonly SuggestionProof[];
  readonly sessions: readonly JournalRead[];
}

export type BacktestChange = 'newly denied' | 'newly asked' | 'newly allowed';

/** Events that change alike, in one place, for the same reason. */
export interface BacktestGroup {
  readonly change: BacktestChange;
  readonly action: Action;
  readonly place: string;
  /** What decides it; none where nothing permits it. */
  readonly policies: readonly string[];
  readonly reason?: string;
  readonly count: number;
  /** Milliseconds since the Unix epoch. */
  readonly first: number;
  readonly last: number;
  readonly examples: readonly { readonly session: string; readonly seq: number; readonly text: string }[];
}

export interface BacktestTotals {
  /** Events whose requests were put to the candidate. */
  readonly evaluated: number;
  readonly unchanged: number;
  /** Requests that the events imply and the journal does not have: interpreters of scripts, loaders. Judged besides the events. */
  readonly inferred: number;
  /** Of those evaluated: a policy of the candidate speaks of something that the journal does not keep, so they may be decided otherwise. */
  readonly uncertain: number;
  /** What that is: `headers`, `ancestors`. */
  readonly unseen: readonly string[];
  /** What Leash decided by itself, whatever a policy says. */
  readonly own: number;
  /** Happened to the session, not requests: its start, a reload, a limit. */
  readonly lifecycle: number;
  /** Requests that cannot be made again: cut in the journal, or of an action that this version does not know. */
  readonly unrepeatable: number;
}

export interface BacktestAnswer {
  /** Events. */
  readonly changes: Readonly<Record<BacktestChange, number>>;
  readonly totals: BacktestTotals;
  /** The largest. */
  readonly groups: readonly BacktestGroup[];
  /** How many are not listed. */
  readonly more: number;
  readonly sessions: readonly JournalRead[];
  readonly unreadable: readonly string[];
}
