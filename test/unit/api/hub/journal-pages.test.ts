// A journal is asked for the events of one MCP call: itself, what was done during it, and no other.
import path from 'node:path';
import { expect, test } from 'vitest';
import { JournalPages } from '../../../../src/api/hub/journal-pages.ts';
import { openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../../journal/sample-session.ts';

test('a page of a call has what belongs to it', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  for (const call of ['c1', 'c2,c1', 'c11', undefined, 'c2'])
    journal.append(sampleEvent(call === undefined ? {} : { call }));
  await journal.close({ ended: 1, exitCode: 0 });
  const pages = new JournalPages();
  try {
    const page = await pages.page(dir, { after: -1, limit: 10, call: 'c1' });
    expect(page).toMatchObject({ isEnd: true, events: [{ seq: 0 }, { seq: 1 }] });
    expect(page.events).toHaveLength(2);
  } finally {
    await pages.close();
  }
});
