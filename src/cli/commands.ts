// The commands there are; each is loaded when it is named.
import type { Command, CommandTable } from './command.ts';

/** By first word. Everything that is not here is the agent's command: `run` is the default. */
export const COMMANDS: CommandTable = {
  run: async () => (await import('./commands/run.command.ts')).runCommand,
  attach: async () => (await import('./commands/attach.command.ts')).attachCommand,
  exec: async () => (await import('./commands/exec.command.ts')).execCommand,
  events: async () => (await import('./commands/events.command.ts')).eventsCommand,
  bodies: async () => (await import('./commands/bodies.command.ts')).bodiesCommand,
  sessions: async () => (await import('./commands/sessions.command.ts')).sessionsCommand,
  ps: async () => (await import('./commands/ps.command.ts')).psCommand,
  logs: async () => (await import('./commands/logs.command.ts')).logsCommand,
  stop: async () => (await import('./commands/stop.command.ts')).stopCommand,
  rm: async () => (await import('./commands/rm.command.ts')).rmCommand,
  diff: async () => (await import('./commands/diff.command.ts')).diffCommand,
  accept: async () => (await import('./commands/accept.command.ts')).acceptCommand,
  discard: async () => (await import('./commands/discard.command.ts')).discardCommand,
  ui: async () => (await import('./commands/ui.command.ts')).uiCommand,
  approvals: async () => (await import('./commands/approvals.command.ts')).approvalsCommand,
  approve: async () => (await import('./commands/approve.command.ts')).approveCommand,
  deny: async () => (await import('./commands/deny.command.ts')).denyCommand,
  secrets: async () => (await import('./commands/secrets.command.ts')).secretsCommand,
  agents: async () => (await import('./commands/agents.command.ts')).agentsCommand,
  config: async () => (await import('./commands/config.command.ts')).configCommand,
  mcp: async () => (await import('./commands/mcp.command.ts')).mcpCommand,
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
