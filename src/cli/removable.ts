// A session in, why its record must stay, if it must, out.
import path from 'node:path';
import type { SessionSummary } from '../journal/session-list.ts';
import { changesDir } from '../review/record.ts';
import { contentOf } from '../review/whole.ts';

/** Changes that were kept aside lie beside the sessions, under the same id. */
function keptAside(id: string): string | undefined {
  const dir = path.join(changesDir(process.env), id);
  switch (contentOf(dir)) {
    case 'nothing':
      return undefined;
    case 'waiting':
      return `session ${id} has changes that wait to be accepted or discarded`;
    case 'replaced':
      return `of session ${id} what \`leash accept --force\` replaced is kept; when you need it no more, delete ${dir}`;
  }
}

/** Why it must stay; undefined when it need not. */
export function hindrance({ info, state }: SessionSummary): string | undefined {
  if (state === 'running') return `session ${info.id} runs; end it with \`leash stop ${info.id}\` first`;
  return keptAside(info.id);
}
