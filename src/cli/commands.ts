// The commands there are; each is loaded when it is named.
import type { Command, CommandTable } from './command.ts';

/** By first word. Everything that is not here is the agent's command: `run` is the default. */
export const COMMANDS: CommandTable = {
  run: async () => (await import('./commands/run.command.ts')).runCommand,
  events: async () => (await import('./commands/events.command.ts')).eventsCommand,
  sessions: async () => (await import('./commands/sessions.command.ts')).sessionsCommand,
  policy: async () => (await import('./commands/policy.command.ts')).policyCommand,
  demo: async () => (await import('./commands/demo.command.ts')).demoCommand,
  doctor: async () => (await import('./commands/doctor.command.ts')).doctorCommand,
  help: async () => (await import('./commands/help.command.ts')).helpCommand,
  version: async () => (await import('./commands/version.command.ts')).versionCommand,
};

export interface Found {
  readonly command: Command;
  /** The words after those that name the command. */
  readonly rest: readonly string[];
}

/** The command that the first words name, as deep as they name one: `policy check x` is `policy check` and `x`. */
export async function findCommand(
  words: readonly string[],
  table: CommandTable = COMMANDS,
): Promise<Found | undefined> {
  const [name = '', ...rest] = words;
  const command = Object.hasOwn(table, name) ? await table[name]?.() : undefined;
  if (command === undefined) return undefined;
  return (command.commands && (await findCommand(rest, command.commands))) ?? { command, rest };
}

/** The commands of a table, in the order people read about them. */
export function commandsOf(table: CommandTable = COMMANDS): Promise<readonly Command[]> {
  return Promise.all(Object.values(table).map((load) => load()));
}

/** All commands, each followed by its own. */
export async function allCommands(table: CommandTable = COMMANDS): Promise<readonly Command[]> {
  const nested = (await commandsOf(table)).map(async (command) => [
    command,
    ...(command.commands === undefined ? [] : await allCommands(command.commands)),
  ]);
  return (await Promise.all(nested)).flat();
}
