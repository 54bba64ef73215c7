import { expect, test } from 'vitest';
import { type Locks, takePlace } from '../../../../ui/src/feed/stream-place.ts';

/** Locks as one browser's tabs have them; test/e2e/interface-tabs.test.ts asks a browser's own. */
function locksOfOneBrowser(): Locks {
  const held = new Set<string>();
  return {
    async request(name, _options, run) {
      const lock = held.has(name) ? null : { name };
      if (lock !== null) held.add(name);
      await run(lock);
      if (lock !== null) held.delete(name);
    },
  };
}

test('three streams of events and one of questions have a place; one that is given back is the next one’s', async () => {
  const locks = locksOfOneBrowser();
  const places = [];
  for (let count = 0; count < 3; count++) places.push(await takePlace('events', locks));
  expect(places.every((place) => place !== undefined)).toBe(true);
  expect(await takePlace('events', locks)).toBeUndefined();
  expect(await takePlace('questions', locks)).toBeDefined();
  expect(await takePlace('questions', locks)).toBeUndefined();
  places[1]?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(await takePlace('events', locks)).toBeDefined();
});
