// The name of a command in, its help on standard output out.
import { EXIT, LeashError } from '../../host/errors.ts';
import type { Command, Invocation } from '../command.ts';
import { allCommands, COMMANDS, findCommand } from '../commands.ts';
import { commandHelp, overview } from '../help-text.ts';
import { nearest } from '../suggest.ts';
import { print } from '../terminal.ts';

/** Help for one command, or the overview. */
export async function showHelp(command: Command | undefined): Promise<number> {
  await print(command === undefined ? overview(await allCommands()) : commandHelp(command));
  return EXIT.ok;
}

/** `leash help`. Throws LEASH_USAGE. */
export async function help(invocation: Invocation): Promise<number> {
  const [name] = invocation.words;
  if (name === undefined) return showHelp(undefined);
  const command = await findCommand(name);
  if (command === undefined) {
    const meant = nearest(name, Object.keys(COMMANDS));
    const question = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new LeashError('LEASH_USAGE', `there is no command ${JSON.stringify(name)}${question}`);
  }
  return showHelp(command);
}
