import { expect, test } from 'vitest';
import { ServerClock } from '../../../../../ui/src/screens/approvals/server-clock.ts';

test.each([
  ['the same machine', [[1_000, 1_300, true]], 0],
  ['an old question tells nothing', [[1_000, 90_000, false]], 0],
  ['a new one: the page is ahead', [[1_000, 61_000, true]], -60_000],
  ['a question of the future: the page is behind', [[90_000, 30_000, false]], 60_000],
] as const)('%s', (_what, seen, ahead) => {
  const clock = new ServerClock();
  for (const [opened, now, isNew] of seen) clock.saw(opened, now, isNew);
  expect(clock.now(0)).toBe(ahead);
});
