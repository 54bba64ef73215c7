import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { findEvent } from '../../../src/cli/session-event.ts';
import { openJournal } from '../../../src/journal/writer.ts';
import { SESSION_ID, sampleEvent, sampleInfo, temporaryFolder } from '../journal/sample-session.ts';

const refused = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

test('an event is found by its session and number', async () => {
  const state = temporaryFolder();
  vi.stubEnv('XDG_STATE_HOME', state);
  try {
    const onError = (error: unknown): never => {
      throw error;
    };
    const journal = openJournal(path.join(state, 'leash/sessions', SESSION_ID), sampleInfo(), { onError });
    for (const time of [1, 2, 3]) journal.append(sampleEvent({ time }));
    await journal.close({ ended: 4, exitCode: 0 });
    expect(await findEvent('latest:1')).toMatchObject({
      seq: 1,
      event: { time: 2 },
      session: { info: { id: SESSION_ID } },
    });
    expect(await findEvent('k3f9:2')).toMatchObject({ event: { time: 3 } });
    await expect(findEvent('latest:3')).rejects.toThrow(
      refused('LEASH_SESSION_UNKNOWN', /has no event 3; it has 0 to 2/),
    );
    await expect(findEvent('x:1')).rejects.toThrow(refused('LEASH_SESSION_UNKNOWN', /there is no session "x"/));
  } finally {
    vi.unstubAllEnvs();
  }
});

test.each(['', 'latest', 'latest:', ':1', 'latest:1x', 'a:b:1', 'latest:-1'])('%j names no event', async (name) => {
  await expect(findEvent(name)).rejects.toThrow(refused('LEASH_USAGE', /an event is SESSION:NUMBER/));
});
