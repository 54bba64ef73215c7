// The words of config.toml: what a person may set, globally and for one project, each with the line where it stands.

/** A table as TOML has it. */
export type Table = Readonly<Record<string, unknown>>;

/** Keys of `[leash]` and `[projects."…"]`, and the option of `run` that each sets. */
export const OPTION_KEYS = {
  policy: 'policy',
  mode: 'mode',
  backend: 'backend',
  target_image: 'image',
  read_only: 'read-only',
  listen: 'listen',
} as const;

/** All keys of `[projects."…"]` but the names of agents. */
export const PROJECT_KEYS: readonly string[] = [...Object.keys(OPTION_KEYS), 'envvars', 'volumes'];

export interface Placed<T> {
  readonly value: T;
  /** From 1. */
  readonly line: number;
}

export interface ConfiguredVolume {
  /** Absolute, as named. */
  readonly source: string;
  /** Absolute, inside. */
  readonly place: string;
  readonly access: 'read-only' | 'read-write';
}

/** What can be set for every project, or for one. */
export interface Settings {
  /** By option of `run`; checked as far as the file tells. */
  readonly options: ReadonlyMap<string, Placed<string>>;
  readonly envvars: ReadonlyMap<string, Placed<string>>;
  /** Whether the configuration of an agent is mounted, by its name. */
  readonly mounts: ReadonlyMap<string, Placed<boolean>>;
  /** By source; `false` takes a global one away. */
  readonly volumes: ReadonlyMap<string, Placed<ConfiguredVolume | false>>;
}

/** `[journal]`: what becomes of the records of sessions. */
export interface JournalSettings {
  /** Sessions that ended longer ago are deleted; milliseconds. */
  readonly keepFor?: number;
  /** The oldest are deleted until the rest has at most so many bytes. */
  readonly keepSize?: number;
  /** A segment is closed once it holds so many bytes. */
  readonly segmentBytes?: number;
  /** Where events are sent by OTLP: a URL without the path of a signal. */
  readonly otlp?: string;
}

/** `[approvals]`: whom questions of `@ask` policies are told to, beside the terminal. */
export interface ApprovalSettings {
  /** A URL: https, or http to this machine. It may hold a token and is in no message. */
  readonly webhook?: Placed<string>;
  /** Absolute path of the file that holds what the webhook is signed with. */
  readonly secretFile?: Placed<string>;
}

/** `[mcp]`: what becomes of MCP servers whatever the policy says. */
export interface McpSettings {
  /** What a tool does that is not what it was: its next call is asked about, or it is told, or it is not looked at. */
  readonly pins?: 'ask' | 'warn' | 'off';
}

export interface Config {
  readonly file: string;
  readonly global: Settings;
  /** By the real path of the project's folder. */
  readonly projects: ReadonlyMap<string, Settings>;
  readonly journal: JournalSettings;
  readonly approvals: ApprovalSettings;
  readonly mcp: McpSettings;
  /** Raw, by name: `[secrets.NAME]`. */
  readonly secrets: ReadonlyMap<string, Table>;
  /** Raw, by name: `[agents.NAME]`. */
  readonly agents: ReadonlyMap<string, Table>;
  /** The line of the innermost of nested keys that is written in the file, from 1. */
  readonly lineOf: (...keys: readonly string[]) => number;
}

export const NO_SETTINGS: Settings = { options: new Map(), envvars: new Map(), mounts: new Map(), volumes: new Map() };

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
