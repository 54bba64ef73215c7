// Words for the policy of a running session, as a person reads and changes it.

/** The part of a session's policy that is a person's own to change. */
export interface PolicyView {
  /** Of the set in force; every event carries the one that decided it. */
  readonly epoch: number;
  /** How messages call it: a path, or names of profiles. */
  readonly name: string;
  /** The text of the policy file; of the default profile, when nothing was named; else '', beside the profiles that were. */
  readonly text: string;
  /** Profiles that were named, which stand beside the text. */
  readonly profiles: readonly string[];
  /** The policy file, when there is one. */
  readonly file?: string;
  /** The file holds this text; else it is in force until the session ends. */
  readonly isKept: boolean;
}

export interface PolicyEdit {
  readonly text: string;
  /** Write it to the policy file, too. */
  readonly keep: boolean;
  /** Of the policy that was read: another one meanwhile, and nothing is changed. */
  readonly epoch: number;
}

/** All statements that are evaluated together. */
export interface WholePolicy {
  readonly name: string;
  readonly text: string;
  /** Statements of Leash itself. */
  readonly guard: string;
}

/** Where a person's edits of a running session's policy go. */
export interface PolicyDesk {
  read(): PolicyView;
  /** The new epoch, in force in every layer. Throws LeashError: LEASH_POLICY_INVALID with places, LEASH_API_CONFLICT, LEASH_POLICY_READ. */
  replace(edit: PolicyEdit): Promise<number>;
  /** What would be in force with this text. */
  whole(text: string): WholePolicy;
}
