import { expect, test } from 'vitest';
import { paced } from '../../../../ui/src/feed/pace.ts';

/** A screen of 60 frames a second on which drawing takes `cost` milliseconds; how often it was drawn in a second. */
function drawings(cost: number): number {
  let time = 0;
  let drawn = 0;
  let due: (() => void)[] = [];
  const late: (() => void)[] = [];
  const schedule = paced({ now: () => time, frame: (run) => due.push(run), after: (run) => late.push(run) });
  const draw = (): void => {
    drawn += 1;
    time += cost;
    schedule(draw);
  };
  schedule(draw);
  while (time < 1000) {
    const now = due;
    due = [];
    for (const run of now) run();
    for (const run of late.splice(0)) run();
    time = (Math.floor(time / (1000 / 60)) + 1) * (1000 / 60);
  }
  return drawn;
}

test('what is fast is drawn in each frame, what is slow takes a third of the time', () => {
  expect(drawings(1)).toBeGreaterThan(55);
  expect(drawings(5)).toBeGreaterThan(55);
  for (const cost of [12, 30, 100]) {
    const share = (drawings(cost) * cost) / 1000;
    expect(share).toBeLessThan(0.45);
    expect(share).toBeGreaterThan(0.2);
  }
});
