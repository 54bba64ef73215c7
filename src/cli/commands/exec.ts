// The name of a session and a command in; the command in its sandbox on this process's streams, and its exit status, out.
import { LeashError } from '../../host/errors.ts';
import { findSession } from '../../journal/session-list.ts';
import type { Invocation } from '../command.ts';
import { say } from '../terminal.ts';
import { ownSize } from '../visit/own-terminal.ts';
import { visitSession } from '../visit/visit-session.ts';

const TERM = /^[A-Za-z0-9._+-]{1,64}$/;

/** `leash exec`. Throws LEASH_USAGE, LEASH_SESSION_UNKNOWN, LEASH_SESSION_OVER, LEASH_TERMINAL_NONE and what the session refuses. */
export async function exec({ words, flags }: Invocation): Promise<number> {
  const [name = '', ...rest] = words;
  const command = rest[0] === '--' ? rest.slice(1) : rest;
  if (name === '' || name === '--') throw new LeashError('LEASH_USAGE', 'name a session');
  if (command[0] === undefined || command[0] === '') throw new LeashError('LEASH_USAGE', 'there is no command to run');
  const session = findSession(name);
  if (session.state !== 'running') throw new LeashError('LEASH_SESSION_OVER', `session ${session.info.id} is over`);
  const size = flags.has('tty') ? ownSize() : undefined;
  if (flags.has('tty') && (size === undefined || !process.stdin.isTTY))
    throw new LeashError('LEASH_TERMINAL_NONE', '-t needs a terminal, and standard input is none');
  const term = process.env['TERM'] ?? '';
  const terminal = size && { ...size, term: TERM.test(term) ? term : '' };
  const hasInput = flags.has('interactive') || terminal !== undefined;
  const outcome = await visitSession(
    session.dir,
    { act: 'run', words: command, terminal, hasInput },
    { hasInput, mayDetach: false, say: (line) => say(`leash: ${line}`) },
  );
  return 'status' in outcome ? outcome.status : 128 + outcome.left;
}
