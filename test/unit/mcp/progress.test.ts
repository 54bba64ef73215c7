// What keeps a client waiting: its own token, and progress that grows and stays below what a server begins with.
import { expect, test } from 'vitest';
import { waitingText } from '../../../src/mcp/progress.ts';
import { notificationOf } from './read.ts';

test('each notification has the token to the letter, and more progress than the one before', () => {
  const counts = [1, 2, 3, 360];
  const texts = counts.map((count) => waitingText('"a\\u0062"', count));
  const told = texts.map((text) => notificationOf(text).params['progress'] as number);
  expect(texts[0]).toContain('"progressToken":"a\\u0062"');
  expect(notificationOf(texts[0] ?? '').method).toBe('notifications/progress');
  expect(told).toEqual([0.001, 0.002, 0.003, 0.36]);
});
