// One thing the agent did or tried to do: who, what, the verdict, and what happened. The journal's only content.
import type { Approval } from './approval.ts';
import type { Action, Resource } from './request.ts';
import type { Effect, Mode } from './verdict.ts';

export const EVENT_VERSION = 1;

/** The process that acted, as seen inside the sandbox. */
export interface Who {
  /** Process id in the agent's pid namespace. */
  readonly pid: number;
  /** Parent's process id in the agent's pid namespace; 0 when unknown. */
  readonly parent: number;
  /** Canonical path of the executable, or '' when unknown. */
  readonly exe: string;
  /** Command line of the process, cut at 32 KiB. */
  readonly argv?: readonly string[];
  /** The MCP server of the agent's that it is, or belongs to: `mcp:NAME`. */
  readonly via?: string;
}

/**
 * `SystemCall` is an operation the base filter refuses whatever the policy says (mount, ptrace, bpf …); its resource is the call's name.
 * `ResourceLimit` says that the sandbox met a limit, `memory` or `pids`. `PortPublish` is an address of the host's that leads inside,
 * `PortConnect` a connection to it; the process is who took the port inside. `SessionExec` says that a person started a further command.
 * `McpToolNotice` says that a tool of an MCP server is not what it was, or what another server offers, too.
 */
export type EventAction =
  | Action
  | 'SystemCall'
  | 'ResourceLimit'
  | 'PortPublish'
  | 'PortConnect'
  | 'McpToolNotice'
  | 'PolicyLoad'
  | 'SessionStart'
  | 'SessionExec'
  | 'SessionEnd';

export interface NamedResource {
  readonly type: 'name';
  readonly name: string;
}

export interface Event {
  readonly v: typeof EVENT_VERSION;
  /** Milliseconds since the Unix epoch, with fraction. */
  readonly time: number;
  readonly who?: Who;
  readonly action: EventAction;
  readonly resource: Resource | NamedResource;
  /** Second name of a rename or link. */
  readonly target?: Resource;
  /** Action-specific facts: port, method, path, argv, qtype, bytes, duration. Never a secret. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly effect: Effect;
  /** False when the effect was deny but the session's mode let it pass. */
  readonly enforced: boolean;
  readonly shadow?: Effect;
  readonly policies: readonly string[];
  readonly reason?: string;
  /** The question of an `@ask` policy. The effect is allow only by a person's word. */
  readonly ask?: string;
  /** How the question ended, and after how long. */
  readonly approval?: Approval;
  /** Of `McpCall`, which call it is; of anything else, the call of an MCP server's during which the server did it. */
  readonly call?: string;
  /** Number of the policy set that decided; grows by one with each reload. */
  readonly epoch: number;
  /** errno name the agent received (`ENOENT`, `EACCES`), absent on success. */
  readonly error?: string;
}

/** What is known of a session without reading its journal. One JSON document beside the segments. */
export interface SessionInfo {
  readonly v: 1;
  readonly id: string;
  readonly command: readonly string[];
  readonly workspace: string;
  readonly user: string;
  readonly mode: Mode;
  readonly engine: string;
  readonly backend: string;
  readonly policy: string;
  /** The agent held its own keys and login (`--plain-secrets`). */
  readonly plainSecrets?: boolean;
  /** Places of the host whose changes were kept aside; absent: none. */
  readonly reviewed?: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly started: number;
  readonly ended?: number;
  readonly exitCode?: number;
  readonly allowed?: number;
  readonly denied?: number;
  /** Process id of the `leash` process that owns the session. */
  readonly pid: number;
  /** Boot id and start time of process `pid`, so that a process id used again is not taken for the owner. */
  readonly owner?: string;
  /** Events in the journal of an ended session, and the SHA-256 (hex) of its last line: shortening it is noticed. */
  readonly events?: number;
  readonly head?: string;
}

export type Emit = (event: Event) => void;
