// The one registry of errors a person can meet: code, what to do, exit status. Codes are never reused.

/** Exit statuses of `leash` itself; a session passes the agent's own status through. Source: docker run, env(1). */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  policy: 3,
  host: 5,
  leash: 125,
  cannotExecute: 126,
  notFound: 127,
} as const;

interface Entry {
  readonly exit: number;
  readonly hint: string;
}

export type ErrorCode =
  | 'LEASH_USAGE'
  | 'LEASH_COMMAND_MISSING'
  | 'LEASH_COMMAND_NOT_FOUND'
  | 'LEASH_COMMAND_NOT_EXECUTABLE'
  | 'LEASH_COMMAND_DENIED'
  | 'LEASH_WORKSPACE'
  | 'LEASH_POLICY_READ'
  | 'LEASH_POLICY_INVALID'
  | 'LEASH_HOST_INCOMPLETE'
  | 'LEASH_NATIVE_MISSING'
  | 'LEASH_SANDBOX_START'
  | 'LEASH_ENGINE_LOST'
  | 'LEASH_WIRE_VERSION'
  | 'LEASH_WIRE_RECORD'
  | 'LEASH_PORT_NONE'
  | 'LEASH_JOURNAL_CORRUPT'
  | 'LEASH_JOURNAL_WRITE'
  | 'LEASH_SESSION_UNKNOWN'
  | 'LEASH_AGENT_INSTALL';

export const ERRORS: Readonly<Record<ErrorCode, Entry>> = {
  LEASH_USAGE: { exit: EXIT.leash, hint: 'Run `leash --help`.' },
  LEASH_COMMAND_MISSING: { exit: EXIT.leash, hint: 'Say what to run: `leash -- claude`.' },
  LEASH_COMMAND_NOT_FOUND: {
    exit: EXIT.notFound,
    hint: 'Check the name, or give the path. Programs under your home directory are visible only when their folder is on PATH.',
  },
  LEASH_COMMAND_NOT_EXECUTABLE: { exit: EXIT.cannotExecute, hint: 'Check its permissions and format.' },
  LEASH_COMMAND_DENIED: {
    exit: EXIT.cannotExecute,
    hint: 'Permit it in the policy, or run another command; nothing was started.',
  },
  LEASH_WORKSPACE: { exit: EXIT.leash, hint: 'Give an existing directory with --workspace, or change into one.' },
  LEASH_POLICY_READ: { exit: EXIT.leash, hint: 'Name a readable Cedar file of at most 4 MiB, or a profile.' },
  LEASH_POLICY_INVALID: { exit: EXIT.leash, hint: 'Correct the policy; `leash policy check` shows every fault.' },
  LEASH_HOST_INCOMPLETE: { exit: EXIT.leash, hint: 'Run `leash doctor` to see what is missing and how to get it.' },
  LEASH_NATIVE_MISSING: { exit: EXIT.leash, hint: 'Run `./leash` from the checkout once, or reinstall the package.' },
  LEASH_SANDBOX_START: { exit: EXIT.leash, hint: 'Run `leash doctor`.' },
  LEASH_ENGINE_LOST: { exit: EXIT.leash, hint: 'The agent was stopped. See the journal with `leash events`.' },
  LEASH_WIRE_VERSION: {
    exit: EXIT.leash,
    hint: 'The native programs do not belong to this version; run `npm run build`.',
  },
  LEASH_WIRE_RECORD: {
    exit: EXIT.leash,
    hint: 'The agent was stopped, because a record could not be trusted. Please report it.',
  },
  LEASH_PORT_NONE: { exit: EXIT.leash, hint: 'Free a port on 127.0.0.1 and try again.' },
  LEASH_JOURNAL_CORRUPT: {
    exit: EXIT.failed,
    hint: 'Events before this place are intact; later ones cannot be trusted.',
  },
  LEASH_JOURNAL_WRITE: {
    exit: EXIT.leash,
    hint: 'Free space or set XDG_STATE_HOME to another place. The agent was stopped.',
  },
  LEASH_SESSION_UNKNOWN: { exit: EXIT.failed, hint: 'List sessions with `leash sessions`.' },
  LEASH_AGENT_INSTALL: {
    exit: EXIT.leash,
    hint: 'Check the network and npm, or use an agent that is already installed.',
  },
};

/** A failure that a person caused or can mend. Printed as one line with its code and hint, never with a stack. */
export class LeashError extends Error {
  override readonly name = 'LeashError';
  readonly code: ErrorCode;
  /** Further lines that belong to the message: policy diagnostics with their source lines. */
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: { details?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? [];
  }

  get exit(): number {
    return ERRORS[this.code].exit;
  }

  get hint(): string {
    return ERRORS[this.code].hint;
  }
}

/** For the end of a `switch` over a union: an unknown member is a bug, and fails closed. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
