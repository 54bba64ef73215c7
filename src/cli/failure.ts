// Whatever was thrown in, lines for a person on standard error and an exit status out.
import { EXIT, LeashError } from '../host/errors.ts';
import type { Command } from './command.ts';
import { printable, say } from './terminal.ts';

/** The end of a pipe that closed (`leash events | head`) is not a failure. */
function isClosedPipe(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === 'EPIPE' &&
    (error as NodeJS.ErrnoException).syscall === 'write'
  );
}

/** Whoever needs the current directory is told by the system that it was removed. */
function isLostFolder(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && (error as NodeJS.ErrnoException).syscall === 'uv_cwd';
}

function lostFolder(cause: NodeJS.ErrnoException): LeashError {
  return new LeashError('LEASH_WORKSPACE', `the current directory does not exist any more (${cause.code})`, { cause });
}

function hintOf(error: LeashError, command: Command): string {
  const isMisuse = error.code === 'LEASH_USAGE' && command.name !== 'run';
  return isMisuse ? `Run \`leash ${command.name} --help\`.` : error.hint;
}

/** Tells a person what went wrong, never with a stack unless LEASH_DEBUG is set. Returns the exit status. */
export function report(thrown: unknown, command: Command): number {
  const error = isLostFolder(thrown) ? lostFolder(thrown) : thrown;
  if (isClosedPipe(error) && command.name !== 'run') return EXIT.ok;
  const isDebug = (process.env['LEASH_DEBUG'] ?? '') !== '';
  if (error instanceof LeashError) {
    say(`leash: ${error.code}: ${printable(error.message)}`);
    for (const detail of error.details) say(`  ${detail}`);
    say(`  hint: ${hintOf(error, command)}`);
  } else {
    const message = error instanceof Error ? error.message : String(error);
    say(`leash: internal error: ${printable(message)}${isDebug ? '' : ' (set LEASH_DEBUG=1 for the stack)'}`);
  }
  if (isDebug && error instanceof Error) say(error.stack ?? '');
  if (!(error instanceof LeashError)) return EXIT.leash;
  if (error.code === 'LEASH_USAGE') return command.usageExit;
  return command.errorExits?.[error.code] ?? error.exit;
}
