// What all connections together may hold, and how fast a client may take back what it asked.
import { expect, it } from 'vitest';
import { ResetCounter, StreamBudget } from '../../../../src/proxy/http2/limits.ts';

it('streams are counted over all connections', () => {
  const budget = new StreamBudget();
  let entered = 0;
  while (budget.enter()) entered += 1;
  expect(entered).toBe(2048);
  budget.leave();
  expect([budget.enter(), budget.enter()]).toEqual([true, false]);
});

it('when too many bodies wait, the one that has waited longest is given up, and once', () => {
  const budget = new StreamBudget();
  const given: number[] = [];
  const bodies = Array.from({ length: 258 }, () => ({}));
  for (const [n, body] of bodies.entries()) {
    if (n === 1) budget.release(bodies[0] ?? {});
    budget.hold(body, () => given.push(n));
  }
  expect(given).toEqual([1]);
});

it('some resets at once are usual, hundreds are not', () => {
  const counter = new ResetCounter();
  const answers = Array.from({ length: 400 }, () => counter.add());
  expect(answers.indexOf(true)).toBeGreaterThanOrEqual(200);
  expect(answers.at(-1)).toBe(true);
});
