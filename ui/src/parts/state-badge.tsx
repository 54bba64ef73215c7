// A session's state in, a word with a colour out.
import type { ReactNode } from 'react';
import type { SessionView } from '../../../src/schema/api.ts';

const CLASSES: Readonly<Record<SessionView['state'], string>> = { running: 'good', ended: 'quiet', crashed: 'bad' };

export function StateBadge({ state }: { readonly state: SessionView['state'] }): ReactNode {
  return <span className={`state ${CLASSES[state]}`}>{state}</span>;
}
