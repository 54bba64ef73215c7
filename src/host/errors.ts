// The one registry of errors a person can meet: code, what to do, exit status. Codes are never reused.

/** Exit statuses of `leash` itself; a session passes the agent's own status through. Source: docker run, env(1). */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  policy: 3,
  journal: 4,
  host: 5,
  leash: 125,
  cannotExecute: 126,
  notFound: 127,
  /** 128 + SIGINT */
  interrupted: 130,
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
  | 'LEASH_VOLUME'
  | 'LEASH_REVIEW'
  | 'LEASH_REVIEW_CONFLICT'
  | 'LEASH_REVIEW_NONE'
  | 'LEASH_CONFIG'
  | 'LEASH_POLICY_READ'
  | 'LEASH_POLICY_INVALID'
  | 'LEASH_HOST_INCOMPLETE'
  | 'LEASH_BACKEND'
  | 'LEASH_IMAGE'
  | 'LEASH_LIMIT'
  | 'LEASH_LIMIT_MEMORY'
  | 'LEASH_HOST_EXHAUSTED'
  | 'LEASH_NATIVE_MISSING'
  | 'LEASH_SANDBOX_START'
  | 'LEASH_ENGINE_LOST'
  | 'LEASH_WIRE_VERSION'
  | 'LEASH_WIRE_RECORD'
  | 'LEASH_PORT_NONE'
  | 'LEASH_PORT_BUSY'
  | 'LEASH_PARENT_PROXY'
  | 'LEASH_JOURNAL_CORRUPT'
  | 'LEASH_JOURNAL_WRITE'
  | 'LEASH_EXPORT'
  | 'LEASH_INDEX'
  | 'LEASH_QUERY'
  | 'LEASH_SESSION_UNKNOWN'
  | 'LEASH_SESSION_BUSY'
  | 'LEASH_SESSION_REMOVE'
  | 'LEASH_BODY_NONE'
  | 'LEASH_CALL_UNKNOWN'
  | 'LEASH_TOOLS_NONE'
  | 'LEASH_AGENT_INSTALL'
  | 'LEASH_APPROVALS'
  | 'LEASH_NOT_KEPT'
  | 'LEASH_QUESTION_UNKNOWN'
  | 'LEASH_SESSION_UNREACHABLE'
  | 'LEASH_SESSION_OVER'
  | 'LEASH_NOT_ATTACHABLE'
  | 'LEASH_EXEC'
  | 'LEASH_TERMINAL_NONE'
  | 'LEASH_API_KEY'
  | 'LEASH_API_INPUT'
  | 'LEASH_API_TOKEN'
  | 'LEASH_API_SCOPE'
  | 'LEASH_API_ORIGIN'
  | 'LEASH_API_UNKNOWN'
  | 'LEASH_API_CONFLICT'
  | 'LEASH_API_BUSY'
  | 'LEASH_API_LIMIT'
  | 'LEASH_API_BROKEN'
  | 'LEASH_API_STRANGER'
  | 'LEASH_API_OFF'
  | 'LEASH_REPORT_SIZE';

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
  LEASH_VOLUME: { exit: EXIT.leash, hint: 'See docs/review.md for what a volume may be.' },
  LEASH_REVIEW: {
    exit: EXIT.leash,
    hint: 'Mend what the message names, and run the command again; nothing is lost.',
  },
  LEASH_REVIEW_CONFLICT: {
    exit: EXIT.failed,
    hint: 'Look with `leash diff`; `--force` takes the agent’s version and keeps yours beside.',
  },
  LEASH_REVIEW_NONE: { exit: EXIT.failed, hint: 'List sessions and what waits with `leash sessions`.' },
  LEASH_CONFIG: { exit: EXIT.leash, hint: 'Correct the configuration; docs/config.md says what may stand there.' },
  LEASH_POLICY_READ: { exit: EXIT.leash, hint: 'Name a readable Cedar file of at most 4 MiB, or a profile.' },
  LEASH_POLICY_INVALID: { exit: EXIT.leash, hint: 'Correct the policy; `leash policy check` shows every fault.' },
  LEASH_HOST_INCOMPLETE: { exit: EXIT.leash, hint: 'Run `leash doctor` to see what is missing and how to get it.' },
  LEASH_BACKEND: {
    exit: EXIT.leash,
    hint: 'Install or start the container engine, or choose another backend with --backend; `leash doctor` shows what is here.',
  },
  LEASH_IMAGE: {
    exit: EXIT.leash,
    hint: 'Name an image with --image that the engine already has; Leash fetches none. docs/containers.md says what it needs.',
  },
  LEASH_LIMIT: {
    exit: EXIT.leash,
    hint: 'Leave the limit out, or start Leash where it may make control groups: `systemd-run --user --scope -p Delegate=yes leash …`.',
  },
  LEASH_LIMIT_MEMORY: {
    exit: EXIT.leash,
    hint: 'Give it more with --memory, or less to do at a time. The agent was stopped.',
  },
  LEASH_HOST_EXHAUSTED: {
    exit: EXIT.leash,
    hint: 'Raise the limit on open files (`ulimit -n`), or end other programs.',
  },
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
  LEASH_PORT_BUSY: {
    exit: EXIT.leash,
    hint: 'Name another port of the host’s (`-p 8001:3000`), or let Leash find one (`-p 3000`). Nothing was started.',
  },
  LEASH_PARENT_PROXY: {
    exit: EXIT.leash,
    hint: 'Write http://user:password@host:port (or https, socks5, socks5h), special characters in user and password as %XX.',
  },
  LEASH_JOURNAL_CORRUPT: {
    exit: EXIT.failed,
    hint: 'Events before this place are intact; later ones cannot be trusted.',
  },
  LEASH_JOURNAL_WRITE: {
    exit: EXIT.leash,
    hint: 'Free space or set XDG_STATE_HOME to another place. No agent runs without a journal.',
  },
  LEASH_EXPORT: {
    exit: EXIT.failed,
    hint: 'Name a new file in a folder that you can write to, or an endpoint that answers.',
  },
  LEASH_INDEX: {
    exit: EXIT.failed,
    hint: 'The journal itself is untouched: `leash events` reads it without an index. Check the space there.',
  },
  LEASH_QUERY: { exit: EXIT.failed, hint: 'Write one SELECT; docs/events.md lists the columns.' },
  LEASH_SESSION_UNKNOWN: { exit: EXIT.failed, hint: 'List sessions with `leash sessions`.' },
  LEASH_SESSION_BUSY: { exit: EXIT.failed, hint: 'Nothing was deleted.' },
  LEASH_SESSION_REMOVE: { exit: EXIT.failed, hint: 'Check its permissions; `leash ps --clean` goes on with it.' },
  LEASH_CALL_UNKNOWN: { exit: EXIT.failed, hint: 'List the MCP calls of a session with `leash mcp log`.' },
  LEASH_TOOLS_NONE: {
    exit: EXIT.failed,
    hint: 'Tools are known from the lists that MCP servers send, where a policy speaks of calls.',
  },
  LEASH_BODY_NONE: {
    exit: EXIT.failed,
    hint: 'Bodies are kept by sessions that were started with --record-bodies, of permitted requests, as far as they are text.',
  },
  LEASH_AGENT_INSTALL: {
    exit: EXIT.leash,
    hint: 'Check the network and npm, or use an agent that is already installed.',
  },
  LEASH_APPROVALS: {
    exit: EXIT.failed,
    hint: 'Correct or remove the file; without it everything is asked again.',
  },
  LEASH_NOT_KEPT: {
    exit: EXIT.failed,
    hint: 'Say it for this session only, as `leash approve ID --session` does.',
  },
  LEASH_QUESTION_UNKNOWN: { exit: EXIT.failed, hint: 'List open questions with `leash approvals`.' },
  LEASH_SESSION_UNREACHABLE: {
    exit: EXIT.failed,
    hint: 'Its questions end in a refusal. See the session with `leash sessions`.',
  },
  LEASH_SESSION_OVER: { exit: EXIT.leash, hint: 'See what it did with `leash events`.' },
  LEASH_NOT_ATTACHABLE: {
    exit: EXIT.failed,
    hint: 'Sessions that were started with `leash -d` can be attached to; in any other run a command with `leash exec`.',
  },
  LEASH_EXEC: {
    exit: EXIT.leash,
    hint: 'Start another session; the agent of this one goes on as it is.',
  },
  LEASH_TERMINAL_NONE: { exit: EXIT.usage, hint: 'Leave out -t, or run it in a terminal.' },
  LEASH_API_KEY: { exit: EXIT.leash, hint: 'Remove the file: a new key is made, and links opened before end.' },
  LEASH_API_INPUT: { exit: EXIT.failed, hint: 'See docs/api.md for what a request may hold.' },
  LEASH_API_TOKEN: { exit: EXIT.failed, hint: 'Open the interface anew with `leash ui`, which brings a token.' },
  LEASH_API_SCOPE: { exit: EXIT.failed, hint: 'Open all of your sessions with `leash ui`.' },
  LEASH_API_ORIGIN: { exit: EXIT.failed, hint: 'Use the address that `leash ui` prints, and no other name for it.' },
  LEASH_API_UNKNOWN: { exit: EXIT.failed, hint: 'See docs/api.md for the paths there are.' },
  LEASH_API_CONFLICT: { exit: EXIT.failed, hint: 'Read it again, and repeat the change on what is there now.' },
  LEASH_API_BUSY: { exit: EXIT.failed, hint: 'Try again in a moment, or close other windows.' },
  LEASH_API_LIMIT: {
    exit: EXIT.failed,
    hint: 'Choose fewer sessions or a later beginning; `leash policy suggest` and `leash policy backtest` take as long as they need.',
  },
  LEASH_API_BROKEN: { exit: EXIT.failed, hint: 'Please report it. The session is not concerned.' },
  LEASH_API_STRANGER: { exit: EXIT.failed, hint: 'Name another port with --listen or LEASH_LISTEN.' },
  LEASH_API_OFF: { exit: EXIT.failed, hint: 'Name a port with --listen or LEASH_LISTEN.' },
  LEASH_REPORT_SIZE: {
    exit: EXIT.failed,
    hint: 'Open the viewer with the files of the session’s folder, or write them out with `leash events export`.',
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

const EXHAUSTED = ['EMFILE', 'ENFILE', 'ENOMEM'];

/** An error that only says that the system has no more of something, as one that a person can mend; any other as it is. */
export function nameExhaustion(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !EXHAUSTED.includes(code)) return error;
  return new LeashError('LEASH_HOST_EXHAUSTED', error.message, { cause: error });
}

/** For the end of a `switch` over a union: an unknown member is a bug, and fails closed. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
