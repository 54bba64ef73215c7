// The name of a session in; its agent on this terminal, or what it wrote last, and its exit status out.
import fs from 'node:fs';
import path from 'node:path';
import { EXIT, LeashError } from '../../host/errors.ts';
import { findSession, type SessionSummary } from '../../journal/session-list.ts';
import { KEPT_OUTPUT } from '../../schema/stage.ts';
import type { Invocation } from '../command.ts';
import { say } from '../terminal.ts';
import { ownSize } from '../visit/own-terminal.ts';
import { visitSession } from '../visit/visit-session.ts';

/** It has ended: what was kept, if its agent was left alone. */
function showLast({ info, dir, state }: SessionSummary): number {
  if (state === 'crashed') throw new LeashError('LEASH_SESSION_OVER', `session ${info.id} has crashed`);
  let kept: Buffer;
  try {
    kept = fs.readFileSync(path.join(dir, KEPT_OUTPUT));
  } catch (cause) {
    throw new LeashError('LEASH_SESSION_OVER', `session ${info.id} has ended, and nothing of its output was kept`, {
      cause,
    });
  }
  process.stdout.write(kept);
  say(`leash: session ${info.id} has ended; this is what its agent wrote last`);
  return info.exitCode ?? EXIT.leash;
}

/** `leash attach`. Throws LEASH_SESSION_UNKNOWN, LEASH_SESSION_OVER, LEASH_NOT_ATTACHABLE, LEASH_SESSION_UNREACHABLE. */
export async function attach({ words }: Invocation): Promise<number> {
  const session = findSession(words[0] ?? 'latest');
  if (session.state !== 'running') return showLast(session);
  const outcome = await visitSession(
    session.dir,
    { act: 'attach', size: ownSize() },
    { hasInput: true, mayDetach: true, say: (line) => say(`leash: ${line}`) },
  );
  if ('status' in outcome) return outcome.status;
  if (outcome.left > 0) return 128 + outcome.left;
  say(`leash: detached; come back with  leash attach ${session.info.id}`);
  return EXIT.ok;
}
