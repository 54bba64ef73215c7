// A running session's folder in; the manager that it has beside an engine elsewhere, if it has one, out.
import path from 'node:path';
import { readSessionInfo } from '../../journal/session-file.ts';
import { type RecordedManager, recordedManager } from '../../sandbox/container/recorded-manager.ts';

/** As the session's own `leash` noted it, where neither the agent nor a manager can write. @throws {LeashError} LEASH_SESSION_UNREACHABLE */
export function managerOf(dir: string): RecordedManager | undefined {
  const records = path.join(path.dirname(path.dirname(dir)), 'managers');
  return recordedManager(records, () => readSessionInfo(dir));
}
