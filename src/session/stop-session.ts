// A running session in, the request to end on its way to it out; and its end awaited.
import { setTimeout as sleep } from 'node:timers/promises';
import { LeashError } from '../host/errors.ts';
import { processIdentity } from '../journal/owner.ts';
import { readSessionInfo } from '../journal/session-file.ts';
import { type SessionSummary, sessionState } from '../journal/session-list.ts';

/** Milliseconds: the agent has 5 s from the request, then it is killed (signals.ts). */
const PATIENCE = 20_000;
const INTERVAL = 50;

/**
 * Sends SIGTERM to the session's `leash`, which hands it on to the agent. That it is still the same process is looked up right before:
 * a number that was used again has another start time.
 * @throws {LeashError} LEASH_SESSION_UNREACHABLE
 */
export function askToEnd({ info }: SessionSummary): void {
  if (info.owner === undefined || processIdentity(info.pid) !== info.owner) {
    throw new LeashError('LEASH_SESSION_UNREACHABLE', `process ${info.pid} is not the leash of session ${info.id}`);
  }
  try {
    process.kill(info.pid, 'SIGTERM');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ESRCH') return;
    throw new LeashError('LEASH_SESSION_UNREACHABLE', `session ${info.id} cannot be signalled (${code})`, { cause });
  }
}

/** Resolves when it has ended. @throws {LeashError} LEASH_SESSION_UNREACHABLE when it does not */
export async function awaitEnd({ info, dir }: SessionSummary, patience: number = PATIENCE): Promise<void> {
  const until = performance.now() + patience;
  while (sessionState(readSessionInfo(dir)) === 'running') {
    if (performance.now() > until) {
      throw new LeashError(
        'LEASH_SESSION_UNREACHABLE',
        `session ${info.id} did not end; \`kill -9 ${info.pid}\` ends it with all that is in it`,
      );
    }
    await sleep(INTERVAL);
  }
}
