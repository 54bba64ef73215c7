// The name of a command in, its help on standard output out.
import { EXIT, LeashError } from '../../host/errors.ts';
import type { Action, Command, CommandTable, Invocation } from '../command.ts';
import { COMMANDS, commandsOf, findCommand } from '../commands.ts';
import { commandHelp, overview } from '../help-text.ts';
import { nearest } from '../suggest.ts';
import { print } from '../terminal.ts';

/** Help for one command, or the overview. */
export async function showHelp(command: Command | undefined): Promise<number> {
  const commands = command === undefined || command.commands ? await commandsOf(command?.commands) : [];
  await print(command === undefined ? overview(commands) : commandHelp(command, commands));
  return EXIT.ok;
}

/** What is said to a word that names no command of `table`. */
export function unknownCommand(word: string, table: CommandTable = {}): LeashError {
  const meant = nearest(word, Object.keys(table));
  const question = meant === undefined ? '' : `; did you mean ${meant}?`;
  return new LeashError('LEASH_USAGE', `there is no command ${JSON.stringify(word)}${question}`);
}

/** What a command does that only holds others: nothing, but say which there are. Throws LEASH_USAGE. */
export function onlyCommands(table: CommandTable): Action {
  return async ({ words: [word] }) => {
    if (word !== undefined) throw unknownCommand(word, table);
    throw new LeashError('LEASH_USAGE', `say what to do: ${Object.keys(table).join(', ')}`);
  };
}

/** `leash help`. Throws LEASH_USAGE. */
export async function help(invocation: Invocation): Promise<number> {
  const { words } = invocation;
  if (words.length === 0) return showHelp(undefined);
  const found = await findCommand(words);
  const [surplus] = found === undefined ? words : found.rest;
  if (surplus !== undefined) throw unknownCommand(surplus, found === undefined ? COMMANDS : found.command.commands);
  return showHelp(found?.command);
}
