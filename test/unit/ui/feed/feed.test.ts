import { expect, test } from 'vitest';
import { ApiError } from '../../../../src/client/client.ts';
import { EventFeed } from '../../../../ui/src/feed/feed.ts';

test('a server that has no room is asked again, and the feed goes on', async () => {
  let asked = 0;
  const failure = { code: 'LEASH_API_BUSY', message: '64 streams are open already', hint: '', details: [] };
  const feed = new EventFeed(
    async function* source() {
      asked += 1;
      if (asked === 1) throw new ApiError(503, failure);
      yield { kind: 'end', state: 'ended' };
    },
    (run) => void setTimeout(run),
  );
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    const leave = feed.subscribe(() => {
      const { connection, fault } = feed.state();
      seen.push(`${connection} ${fault?.code}`);
      if (connection !== 'over') return;
      leave();
      resolve();
    });
  });
  expect(seen).toEqual(['failed LEASH_API_BUSY', 'over undefined']);
});
