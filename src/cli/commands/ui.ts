// The name of a session, or none, in; its control page in a browser out, served here when no session does.
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LISTEN, listenAddress, listenText } from '../../api/listen-address.ts';
import { outsideEnv } from '../../host/doctor/find-program.ts';
import { EXIT, LeashError } from '../../host/errors.ts';
import { findSession } from '../../journal/session-list.ts';
import type { TokenScope } from '../../schema/api.ts';
import { type Invocation, lastValue } from '../command.ts';
import { takeSeat } from '../control/control.ts';
import { showPage } from '../control/show-page.ts';
import { say } from '../terminal.ts';

/** Milliseconds for a browser to read the file by which it is opened. */
const BROWSER_PATIENCE = 5_000;

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    // Waiting for a signal alone keeps no process alive.
    const alive = setInterval(() => undefined, 1 << 30);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        clearInterval(alive);
        resolve();
      });
  });
}

/** `leash ui`. Throws LEASH_SESSION_UNKNOWN, LEASH_API_OFF, LEASH_API_STRANGER, LEASH_API_KEY, LEASH_USAGE. */
export async function ui(invocation: Invocation): Promise<number> {
  const env = outsideEnv(process.env);
  const [word] = invocation.words;
  const scope: TokenScope = word === undefined ? 'user' : `session:${findSession(word).info.id}`;
  const address = listenAddress(lastValue(invocation, 'listen') ?? env['LEASH_LISTEN'] ?? DEFAULT_LISTEN);
  if (address === undefined) throw new LeashError('LEASH_API_OFF', 'LEASH_LISTEN is blank: there is no control API');
  const complaints: string[] = [];
  const seat = await takeSeat(address, { env, say: (line) => complaints.push(line) });
  const end = interrupted();
  try {
    // Its thread alone keeps no process alive either.
    const served = await Promise.race([seat.served, end.then(() => undefined)]);
    if (served === undefined) return EXIT.interrupted;
    if (served === 'nobody')
      throw new LeashError('LEASH_API_STRANGER', complaints[0] ?? `${listenText(address)} cannot be served`);
    const isOpened = showPage(address, scope, env);
    if (served === 'another') {
      if (isOpened) await sleep(BROWSER_PATIENCE);
      return EXIT.ok;
    }
    say('leash: served here, until Ctrl-C');
    await end;
    return EXIT.interrupted;
  } finally {
    await seat.close();
    process.exitCode ??= EXIT.ok;
  }
}
