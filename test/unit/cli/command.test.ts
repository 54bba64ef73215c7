import { expect, test } from 'vitest';
import { lastValue } from '../../../src/cli/command.ts';

test('the last value of an option, or none', () => {
  const invocation = { flags: new Set<string>(), values: new Map([['env', ['A', 'B']]]), words: [] };
  expect(lastValue(invocation, 'env')).toBe('B');
  expect(lastValue(invocation, 'policy')).toBeUndefined();
});
