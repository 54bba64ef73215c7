// A session in, why its record must stay, if it must, out.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { stateDir } from '../host/paths.ts';
import type { SessionSummary } from '../journal/session-list.ts';

/** Changes that were kept aside lie beside the sessions, under the same id. */
function hasChanges(id: string): boolean {
  try {
    return readdirSync(path.join(stateDir(), 'changes', id)).length > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** Why it must stay; undefined when it need not. */
export function hindrance({ info, state }: SessionSummary): string | undefined {
  if (state === 'running') return `session ${info.id} runs; end it with \`leash stop ${info.id}\` first`;
  return hasChanges(info.id) ? `session ${info.id} has changes that wait to be accepted or discarded` : undefined;
}
