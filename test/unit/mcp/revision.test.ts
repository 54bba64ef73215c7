// Batches are of two revisions, and of those that do not name theirs.
import { expect, test } from 'vitest';
import { hasBatches } from '../../../src/mcp/revision.ts';

test.each([
  [undefined, true],
  ['2024-11-05', true],
  ['2025-03-26', true],
  ['2025-06-18', false],
  ['2025-11-25', false],
  ['2026-07-28', false],
  ['2025-03-26 ', false],
  ['', false],
])('%s: %s', (version, expected) => {
  expect(hasBatches(version)).toBe(expected);
});
