import { expect, test } from 'vitest';
import { elapsedText } from '../../../../../ui/src/screens/timeline/clock.ts';
import { barsOf, densityOf, lanesOf } from '../../../../../ui/src/screens/timeline/lanes.ts';
import { sampleEvent } from '../../../journal/sample-session.ts';

test('an event stands in its lane, a denial in that of denials as well', () => {
  expect(lanesOf(sampleEvent({ action: 'ProcessExec', effect: 'allow' }))).toEqual(['commands']);
  expect(lanesOf(sampleEvent({ action: 'FileWrite', effect: 'deny' }))).toEqual(['files', 'denials']);
  expect(lanesOf(sampleEvent({ action: 'HttpRequest', effect: 'allow' }))).toEqual(['network']);
  const detail = { model_provider: 'anthropic' };
  expect(lanesOf(sampleEvent({ action: 'HttpRequest', effect: 'allow', detail }))).toEqual(['model']);
});

test('every event between the two times is counted once, the last one too', () => {
  const times = [0, 1, 49, 50, 99, 100, 101, -1];
  const entries = times.map((time, seq) => ({
    seq,
    event: sampleEvent({ time, action: 'FileWrite', effect: 'allow' }),
  }));
  expect(densityOf(entries, 0, 100, 2).files).toEqual([3, 3]);
  expect(densityOf(entries, 0, 0, 2).files).toEqual([1, 0]);
});

test('a bar is drawn for each stretch that has events', () => {
  expect(barsOf([0, 4, 1], 10)).toBe('M1 10v-10h0.85V10zM2 10v-5h0.85V10z');
});

test('a clock has hours when it needs them', () => {
  expect([0, 61_234.9, 3_600_000, -5].map(elapsedText)).toEqual(['00:00.000', '01:01.234', '1:00:00.000', '00:00.000']);
});
