// The command line in, the exit status out. Everything that is not needed to start an agent is loaded when it is.
import type { Command } from './command.ts';
import { runCommand } from './commands/run.command.ts';
import { findCommand } from './commands.ts';
import { parse } from './parse.ts';

async function execute(command: Command, args: readonly string[], isNamed: boolean): Promise<number> {
  const invocation = parse(command, args);
  if (invocation.flags.has('help')) {
    const { showHelp } = await import('./commands/help.ts');
    return showHelp(isNamed ? command : undefined);
  }
  const action = await command.load();
  return action(invocation);
}

async function fail(error: unknown, command: Command): Promise<number> {
  const { report } = await import('./failure.ts');
  return report(error, command);
}

async function main(args: readonly string[]): Promise<void> {
  const found = await findCommand(args);
  const command = found?.command ?? runCommand;
  // An error nobody waits for ends the session: what is left of Leash cannot be relied on to mediate.
  const crash = (error: unknown): void => {
    fail(error, command).then(
      (status) => process.exit(status),
      () => process.exit(125),
    );
  };
  process.on('uncaughtException', crash);
  try {
    process.exitCode = await execute(command, found?.rest ?? args, found !== undefined);
  } catch (error) {
    process.exitCode = await fail(error, command);
  }
}

await main(process.argv.slice(2));
