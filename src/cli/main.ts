// The command line in, the exit status out. Everything that is not needed to start an agent is loaded when it is.
import { refuseDebugger } from '../host/debugger.ts';
import { EXIT, LeashError, nameExhaustion } from '../host/errors.ts';
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

/** What says more may itself fail to load, without descriptors for example: then the error stands alone. */
async function fail(thrown: unknown, command: Command): Promise<number> {
  const error = nameExhaustion(thrown);
  try {
    const { report } = await import('./failure.ts');
    return report(error, command);
  } catch {
    const code = error instanceof LeashError ? `${error.code}: ` : '';
    process.stderr.write(`leash: ${code}${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof LeashError ? error.exit : EXIT.leash;
  }
}

async function main(args: readonly string[]): Promise<void> {
  const found = await findCommand(args);
  const command = found?.command ?? runCommand;
  // An error nobody waits for ends the session: what is left of Leash cannot be relied on to mediate.
  const crash = (error: unknown): void => {
    void fail(error, command).then((status) => process.exit(status));
  };
  process.on('uncaughtException', crash);
  try {
    process.exitCode = await execute(command, found?.rest ?? args, found !== undefined);
  } catch (error) {
    // Not left to the event loop: what failed may have left something open.
    process.exit(await fail(error, command));
  }
}

// Should nothing be left to wait for before there is a status, that is a failure of Leash.
refuseDebugger();
process.exitCode = EXIT.leash;
void main(process.argv.slice(2));
