// What a command is: data that the parser, the help, the reference and the dispatcher all read.
import type { ErrorCode } from '../host/errors.ts';

interface OptionBase {
  /** Long name without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  readonly summary: string;
  /** Variables of Leash's own environment that set it, where the command line does not. */
  readonly variables?: readonly string[];
}

export interface FlagOption extends OptionBase {
  readonly kind: 'flag';
}

export interface ValueOption extends OptionBase {
  readonly kind: 'value';
  /** What the value is called in usage lines: `FILE`, `HOST:ADDRESS`. */
  readonly value: string;
  readonly repeatable?: boolean;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** An empty value says something, too. */
  readonly mayBeBlank?: boolean;
  /** What holds when the option is not given, for people to read. */
  readonly fallback?: string;
}

export type Option = FlagOption | ValueOption;

export interface Positional {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  /** The positional takes this word and all that follow, also those that look like options. */
  readonly rest?: boolean;
  /** The positional takes every word that is left, with options between them. */
  readonly repeatable?: boolean;
}

export interface Example {
  readonly command: string;
  readonly effect: string;
}

export interface ExitCode {
  readonly status: string;
  readonly meaning: string;
}

/** The words of a command line, sorted by the options of one command. */
export interface Invocation {
  readonly flags: ReadonlySet<string>;
  /** Values by option name, in the order given. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly words: readonly string[];
}

/** Does the work; resolves to the exit status. */
export type Action = (invocation: Invocation) => Promise<number>;

/** Commands by the word that names them; each is loaded when it is named. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

export interface Command {
  /** As a person types it after `leash`: `events`, `policy check`. */
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly usage: readonly string[];
  readonly positionals: readonly Positional[];
  readonly options: readonly Option[];
  readonly examples: readonly Example[];
  readonly exitCodes: readonly ExitCode[];
  /** Exit status of a command line that cannot be understood. */
  readonly usageExit: number;
  /** Exit statuses of errors that end this command otherwise than the registry says. */
  readonly errorExits?: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Commands of this command, by the word after its name. */
  readonly commands?: CommandTable;
  /** Loads the implementation; a command that is not run costs nothing. */
  readonly load: () => Promise<Action>;
}

/** Every command has it. */
export const HELP_OPTION: FlagOption = {
  kind: 'flag',
  name: 'help',
  short: 'h',
  summary: 'Say how the command is used',
};

/** The last value of an option that is given at most once. */
export function lastValue(invocation: Invocation, name: string): string | undefined {
  return invocation.values.get(name)?.at(-1);
}
