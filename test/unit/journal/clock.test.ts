import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openReader } from '../../../src/journal/reader.ts';
import { readSessionInfo } from '../../../src/journal/session-file.ts';
import { isSessionId, newSessionId } from '../../../src/journal/session-id.ts';
import { sessionState } from '../../../src/journal/session-list.ts';
import { numbered, openSample, temporaryFolder } from './sample-session.ts';

/** Milliseconds: the clock is set to each in turn. */
const JUMPS = [1_800_000_000_000, 1_700_000_000_000, 4_000_000_000_000, 0];

afterEach(() => void vi.useRealTimers());

test('the order of events is that of the chain, whatever the clock says; the session ends all the same', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const dir = path.join(temporaryFolder(), 'session');
  const journal = openSample(dir);
  for (const [number, time] of JUMPS.entries()) {
    vi.setSystemTime(time);
    journal.append({ ...numbered(number), time });
    await journal.flush();
  }
  await journal.close({ ended: Date.now(), exitCode: 0 });

  const reader = openReader(dir);
  const times: number[] = [];
  for await (const { event } of reader.available()) times.push(event.time);
  await reader.close();
  expect(times).toEqual(JUMPS);
  // It ended before it began.
  expect(sessionState(readSessionInfo(dir))).toBe('ended');
});

test('a session has a name at any time a clock can show', () => {
  for (const time of JUMPS) expect(isSessionId(newSessionId(time))).toBe(true);
});
