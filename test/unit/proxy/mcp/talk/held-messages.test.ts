// What is held, for how long and how much of it; and what its client hears meanwhile.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Allowance } from '../../../../../src/proxy/exchange/allowance.ts';
import { HeldMessages } from '../../../../../src/proxy/mcp/talk/held-messages.ts';
import { call, requestOf } from '../../../mcp/read.ts';

const asking = (id: string, progressToken?: unknown): ReturnType<typeof requestOf> =>
  requestOf(call('tools/call', { name: 'a', ...(progressToken !== undefined && { _meta: { progressToken } }) }, id));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a client is told every ten seconds, with its own token, until its line is let go', () => {
  const told: string[] = [];
  const held = new HeldMessages(new Allowance(1_000), (text) => told.push(text));
  const line = held.hold(10, [asking('1', 'tok'), asking('2')]);
  held.hold(10, [asking('3')]);
  vi.advanceTimersByTime(9_999);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(10_001);
  expect(told.map((text) => (JSON.parse(text) as { params: object }).params)).toEqual([
    { progressToken: 'tok', progress: 0.001, message: "waiting for a person's approval" },
    { progressToken: 'tok', progress: 0.002, message: "waiting for a person's approval" },
  ]);
  line.letGo();
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(2);
});

test('keys are known by value while they are held, and cancelling ends the question', async () => {
  const held = new HeldMessages(new Allowance(1_000), () => {});
  const line = held.hold(1, [asking('1.0'), asking('"a\\u0062"')]);
  expect([...held.keys]).toEqual(['1', '"ab"']);
  expect([held.cancel('2'), line.signal.aborted]).toEqual([false, false]);
  expect([held.cancel('"ab"'), line.signal.aborted, line.isCancelled]).toEqual([true, true, true]);
  line.letGo();
  expect(held.keys.size).toBe(0);
  await held.none();
});

test('no more than 64 lines and the allowance are held, and what is let go makes room', () => {
  const held = new HeldMessages(new Allowance(100), () => {});
  const first = held.hold(60, []);
  const second = held.hold(60, []);
  expect([first.signal.aborted, second.signal.aborted]).toEqual([false, true]);
  second.letGo();
  first.letGo();
  const lines = Array.from({ length: 65 }, () => held.hold(1, []));
  expect(lines.filter(({ signal }) => signal.aborted)).toEqual([lines[64]]);
});

test('at the end nobody waits any more, nor later', async () => {
  const held = new HeldMessages(new Allowance(100), () => {});
  const line = held.hold(1, []);
  const none = held.none();
  held.end();
  const late = held.hold(1, []);
  expect([line.signal.aborted, line.isCancelled, late.signal.aborted]).toEqual([true, false, true]);
  line.letGo();
  late.letGo();
  await none;
  expect(held.keys.size).toBe(0);
});
