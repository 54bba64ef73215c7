import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forwardSignals } from '../../../src/session/signals.ts';

let sent: (number | 'abort')[];
let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  stop = forwardSignals({ signal: (number) => sent.push(number), abort: () => sent.push('abort') });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test.each([
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGQUIT', 3],
  ['SIGTERM', 15],
] as const)('%s is passed on', (name, number) => {
  process.emit(name, name);
  expect(sent).toEqual([number]);
});

test('who was asked to end and does not is made to, once', () => {
  process.emit('SIGTERM', 'SIGTERM');
  process.emit('SIGHUP', 'SIGHUP');
  vi.advanceTimersByTime(4_999);
  expect(sent).toEqual([15, 1]);
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([15, 1, 9, 'abort']);
});

test('an interrupt is a request to the program alone', () => {
  process.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([2]);
});

test('afterwards nothing is forwarded and no timer is left', () => {
  const before = process.listenerCount('SIGTERM');
  process.emit('SIGTERM', 'SIGTERM');
  stop();
  expect(process.listenerCount('SIGTERM')).toBe(before - 1);
  expect(vi.getTimerCount()).toBe(0);
});
