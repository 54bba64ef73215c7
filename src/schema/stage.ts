// Words for programs of a session that are used from a distance: attached to, or started beside the agent.

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** How a program ended: its status as a shell reports it, or why Leash did not run it or could not to the end. */
export interface Ending {
  readonly status: number;
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Who sees what a program writes. */
export interface Audience {
  /** First of all. */
  begun(isTerminal: boolean): void;
  /** False: hold back more, until `Program.goOn`. Who only watches is not waited for. */
  output(bytes: Uint8Array): boolean;
  /** What it writes to standard error, where that is apart. */
  errors(bytes: Uint8Array): boolean;
  /** What `Program.input` took is on its way. */
  drained(): void;
  ended(ending: Ending): void;
}

/** A program, as one of its audience holds it. */
export interface Program {
  /** False: keep what follows until `Audience.drained`. */
  input(bytes: Uint8Array): boolean;
  endInput(): void;
  resize(size: Size): void;
  signal(number: number): void;
  goOn(): void;
  /** The audience is gone. The agent does not mind; a further command is hung up. */
  leave(): void;
}

export interface Command {
  readonly words: readonly string[];
  readonly terminal: (Size & { readonly term: string }) | undefined;
  /** Without a terminal: whether it has something to read. */
  readonly hasInput: boolean;
}

/** What a session lets people at a distance do. Both throw a LeashError for what it does not. */
export interface Stage {
  /** To the agent; what it wrote lately comes first. */
  attach(audience: Audience, size: Size | undefined): Program;
  run(command: Command, audience: Audience): Program;
}

/** What an agent that was left alone wrote last, in the folder of its session when it has ended. */
export const KEPT_OUTPUT = 'output';
