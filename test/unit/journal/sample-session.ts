// Sessions and events for the journal's tests, in a folder of their own that is removed afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { JournalEntry } from '../../../src/journal/decoder.ts';
import { type JournalOptions, type JournalWriter, openJournal } from '../../../src/journal/writer.ts';
import type { Event, SessionInfo } from '../../../src/schema/event.ts';

export const SESSION_ID = '20261125-142233-k3f9';

/** A folder that exists as long as the test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'leash-journal-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function sampleInfo(changes: Partial<SessionInfo> = {}): SessionInfo {
  return {
    v: 1,
    id: SESSION_ID,
    command: ['claude', '-p', 'fix it'],
    workspace: '/home/u/project',
    user: 'u',
    mode: 'enforce',
    engine: 'seccomp',
    backend: 'bubblewrap',
    policy: 'built-in',
    started: Date.UTC(2026, 10, 25, 14, 22, 33),
    pid: process.pid,
    ...changes,
  };
}

export function sampleEvent(changes: Partial<Event> = {}): Event {
  return {
    v: 1,
    time: Date.UTC(2026, 10, 25, 14, 22, 34),
    who: { pid: 12, parent: 1, exe: '/usr/bin/cat' },
    action: 'FileOpenReadOnly',
    resource: { type: 'path', path: '/home/u/project/README.md' },
    effect: 'allow',
    enforced: true,
    policies: ['read-workspace'],
    epoch: 1,
    ...changes,
  };
}

export function numbered(number: number): Event {
  return sampleEvent({ resource: { type: 'path', path: `/file-${number}` } });
}

/** Opens a journal that must not fail. */
export function openSample(
  dir: string,
  changes: Partial<SessionInfo> = {},
  options: Partial<JournalOptions> = {},
): JournalWriter {
  return openJournal(dir, sampleInfo(changes), {
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

/** Writes a whole session of `count` events; returns its directory. */
export async function writeSample(count: number, options: Partial<JournalOptions> = {}): Promise<string> {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir, {}, options);
  for (let number = 0; number < count; number += 1) {
    journal.append(numbered(number));
    // With a small segment bound, one event a segment.
    if (options.segmentBytes !== undefined) await journal.flush();
  }
  await journal.close({ ended: Date.UTC(2026, 10, 25, 14, 30), exitCode: 0 });
  return dir;
}

export async function collect(entries: AsyncIterable<JournalEntry>): Promise<JournalEntry[]> {
  const collected: JournalEntry[] = [];
  for await (const entry of entries) collected.push(entry);
  return collected;
}
