// The commands there are; each is loaded when it is named.
import type { Command } from './command.ts';

/** By first word. Everything that is not here is the agent's command: `run` is the default. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.command.ts')).runCommand,
  events: async () => (await import('./commands/events.command.ts')).eventsCommand,
  sessions: async () => (await import('./commands/sessions.command.ts')).sessionsCommand,
  demo: async () => (await import('./commands/demo.command.ts')).demoCommand,
  doctor: async () => (await import('./commands/doctor.command.ts')).doctorCommand,
  help: async () => (await import('./commands/help.command.ts')).helpCommand,
  version: async () => (await import('./commands/version.command.ts')).versionCommand,
};

/** The command `name` names, if there is one. */
export async function findCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.() : undefined;
}

/** All commands, in the order people read about them. */
export function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
