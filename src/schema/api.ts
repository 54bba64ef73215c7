// Words of the HTTP API: what the hub answers and what it is told. Its client and its screens know nothing else of it.

import type { Question } from './approval.ts';
import type { Event, SessionInfo } from './event.ts';
import type { Paragraph } from './paragraph.ts';

/** Where everything but pages lies. */
export const API_ROOT = '/api/v1';

/** `user`: all sessions of the user; `session:<id>`: that one. */
export type TokenScope = 'user' | `session:${string}`;

/** `{"error": …}` with any status of 400 or more. */
export interface ApiFailure {
  /** Of the error registry (docs/reference/errors.md). */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** Further lines: places in a policy, intact parts of a journal. */
  readonly details: readonly string[];
}

export interface SessionView extends SessionInfo {
  readonly state: 'running' | 'ended' | 'crashed';
  /** What of its ports the host reaches: `127.0.0.1:8000:3000`. */
  readonly published: readonly string[];
}

export interface SessionList {
  /** Newest first. */
  readonly sessions: readonly SessionView[];
  /** Ids whose record cannot be read. */
  readonly unreadable: readonly string[];
}

export interface EventEntry {
  /** The journal offset: the event's number in its session, from 0. */
  readonly seq: number;
  readonly event: Event;
}

/** What is asked of a session's events; all of it must hold. */
export interface EventQuery {
  /** Only later events than this offset; -1: from the first on. */
  readonly after?: number;
  readonly limit?: number;
  readonly action?: string;
  readonly effect?: 'allow' | 'deny';
  /** A part of the resource's name or path, in either case. */
  readonly text?: string;
  readonly pid?: number;
  /** Name of an MCP call: itself, and what was done during it. */
  readonly call?: string;
  /** Only what an `@ask` policy asked about. */
  readonly approval?: 'any';
  /** Milliseconds since the Unix epoch, both inclusive. */
  readonly since?: number;
  readonly until?: number;
}

export interface EventPage {
  readonly events: readonly EventEntry[];
  /** The offset that was looked at last: `after` of the next page. */
  readonly last: number;
  /** Nothing more was written when it was looked at. */
  readonly isEnd: boolean;
  readonly state: SessionView['state'];
  /** From here on the journal cannot be trusted. */
  readonly fault?: ApiFailure;
}

/** Events that a stream left out, because its reader was too far behind; a page of events has them. */
export interface EventGap {
  /** The last offset before them. */
  readonly after: number;
  /** The first offset behind them. */
  readonly before: number;
}

/** A process of the sandbox, as its events tell. */
export interface ProcessView {
  readonly pid: number;
  /** 0 when unknown. */
  readonly parent: number;
  readonly exe: string;
  readonly argv?: readonly string[];
  /** The MCP server of the agent's that it belongs to: `mcp:NAME`. */
  readonly via?: string;
  /** Milliseconds since the Unix epoch, of its first and its last event. */
  readonly first: number;
  readonly last: number;
  readonly events: number;
  readonly denied: number;
}

export interface ProcessList {
  readonly processes: readonly ProcessView[];
  /** There were more than are listed. */
  readonly isCut: boolean;
  /** Not all events were looked at yet: who asks again gets more. */
  readonly isReading: boolean;
}

export interface QuestionView {
  readonly session: string;
  readonly question: Question;
}

export interface QuestionList {
  readonly questions: readonly QuestionView[];
  /** Running sessions that did not answer. */
  readonly silent: readonly string[];
}

/** A change of the agent that waits for a person's word. */
export interface ChangeView {
  /** By this it is named in requests, and by nothing else: no path is ever taken from one. */
  readonly id: string;
  /** Its path, from what is under review; control characters as escapes. */
  readonly name: string;
  /** Added, deleted, modified, of another kind now. */
  readonly change: 'A' | 'D' | 'M' | 'T';
  readonly kind: 'file' | 'folder' | 'link' | 'special';
  /** Bytes, where there is anything. */
  readonly before?: number;
  readonly after?: number;
  /** Somebody else changed the host's file since the session began. */
  readonly isConflict: boolean;
  /** Why it is never taken over. */
  readonly refused?: string;
  /** What a person should know of it. */
  readonly note?: string;
}

export interface ChangeList {
  readonly isReviewed: boolean;
  /** Changes can be seen, and decided about, when the session is over. */
  readonly isOver: boolean;
  readonly changes: readonly ChangeView[];
  /** All that wait; more than are listed, if there are too many. */
  readonly total: number;
}

/** Its texts are the agent's, as they are. */
export interface ChangeText {
  readonly id: string;
  readonly header: readonly string[];
  /** Of a unified diff, each with its sign. */
  readonly lines: readonly string[];
  readonly added: number;
  readonly removed: number;
  readonly hidden?: 'binary' | 'large' | 'too different';
  /** Lines, or ends of lines, were left out. */
  readonly isCut: boolean;
}

export type ChangeChoice = { readonly all: true } | { readonly ids: readonly string[] };

/** Numbers of changes, and names of those that were left. */
export interface ChangesAccepted {
  readonly accepted: number;
  readonly conflicts: readonly string[];
  readonly refused: readonly string[];
  /** Where the replaced work of others lies. */
  readonly kept: readonly string[];
}

export interface ChangesDiscarded {
  readonly discarded: number;
}

/** What one look at this machine found. */
export interface DoctorFinding {
  readonly id: string;
  readonly name: string;
  readonly state: 'ok' | 'degraded' | 'missing' | 'unknown';
  readonly detail: string;
  /** A command, or a sentence. */
  readonly fix?: string;
  readonly required: boolean;
}

export interface DoctorReport {
  readonly probes: readonly DoctorFinding[];
  readonly canStart: boolean;
  readonly engine: string;
  readonly backend: string;
  /** Ids of the probes because of which a session would not start. */
  readonly refusals: readonly string[];
}

/** Its place, from 1, and its words. */
export type PolicyFinding = Readonly<Record<string, unknown>>;

export interface PolicyFindings {
  readonly ok: boolean;
  readonly faults: readonly PolicyFinding[];
  readonly notes: readonly PolicyFinding[];
}

/** What a text would decide otherwise than the policy in force. */
export interface PolicyDifference {
  /** Of the policy it was compared with. */
  readonly epoch: number;
  /** It may allow what the policy in force does not. */
  readonly isWider: boolean;
  readonly differences: readonly Readonly<Record<string, unknown>>[];
  /** The same in English, as `leash policy diff` prints it; one heading when there is no difference. */
  readonly paragraphs: readonly Paragraph[];
}

/** A text that was in force. */
export interface PolicyVersion {
  readonly epoch: number;
  /** Since when; milliseconds since the Unix epoch. */
  readonly time: number;
  readonly name: string;
  /** The part that is a person's to change. */
  readonly text: string;
}

export interface PolicyWord {
  readonly name: string;
  /** What the schema says of it, by `@doc`. */
  readonly doc: string;
}

/** What policies can speak of. */
export interface PolicyWords {
  readonly actions: readonly PolicyWord[];
  readonly entityTypes: readonly PolicyWord[];
  /** By action. */
  readonly context: Readonly<Record<string, readonly PolicyWord[]>>;
  /** By entity type, or type of a record: `Proc`. */
  readonly attributes: Readonly<Record<string, readonly PolicyWord[]>>;
}

/** What could be written at a place of a text. */
export interface PolicyCompletion {
  readonly label: string;
  readonly kind: string;
  readonly insertText: string;
  readonly doc: string;
  /** UTF-16 offsets of what it replaces. */
  readonly start: number;
  readonly end: number;
}
