// A journal of calls and of what they caused, in a folder of its own; what the built `leash mcp` prints of it out.
import path from 'node:path';
import type { Event } from '../../../../../src/schema/event.ts';
import { openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../../../journal/sample-session.ts';
import { HOSTILE, sampleCall, sampleMessage } from '../../mcp/sample-call.ts';
import { type Outcome, runLeash } from '../../run-leash.ts';

const DENIED = { effect: 'deny', policies: ['no-write'], reason: 'Nothing is written.' } as const;
const of = (tool: string, server = 'files') => ({ type: 'tool', name: tool, server }) as const;

export const EVENTS: readonly Event[] = [
  sampleMessage('initialize', { call: 'c1' }),
  sampleEvent({ action: 'FileWrite', resource: { type: 'path', path: '/w/a' }, call: 'c2' }),
  sampleEvent({ action: 'ProcessExec', resource: { type: 'path', path: '/bin/ls' }, call: 'c2' }),
  sampleEvent({ action: 'FileDelete', resource: { type: 'path', path: '/w/b' }, call: 'c2,c3' }),
  sampleEvent({ resource: { type: 'path', path: '/w/elsewhere' }, call: 'c22' }),
  sampleCall({ call: 'c2' }, { args: ['path=/w/a'], caused: '2 file operations, 1 program', caused_shared: 1 }),
  sampleCall({ call: 'c3', resource: of('write'), ...DENIED }, { outcome: 'denied' }),
  sampleCall({ call: 'c4', resource: of(HOSTILE, HOSTILE) }, { args: [HOSTILE], transport: HOSTILE }),
];

export async function state(
  events: readonly Event[] = EVENTS,
): Promise<{ dir: string; leash: (...args: string[]) => Outcome }> {
  const root = temporaryFolder();
  const dir = path.join(root, 'leash', 'sessions', SESSION_ID);
  const journal = openSample(dir);
  for (const event of events) journal.append(event);
  await journal.close({ ended: 1, exitCode: 0 });
  return { dir, leash: (...args) => runLeash(['mcp', ...args], { XDG_STATE_HOME: root, TMPDIR: temporaryFolder() }) };
}

export const lines = ({ stdout }: Outcome): string[] => stdout.trimEnd().split('\n');
export const objects = (outcome: Outcome): Record<string, unknown>[] => lines(outcome).map((line) => JSON.parse(line));
