import { expect, test } from 'vitest';
import {
  chosen,
  listed,
  mayClick,
  mayPress,
  moved,
  NOTHING,
  revealed,
  SEEN,
} from '../../../../../ui/src/screens/approvals/watch.ts';

test('the first question is meant, and is answered only once it was seen', () => {
  const it = listed(NOTHING, ['a', 'b'], 1_000);
  expect(it.current).toBe('a');
  expect([mayPress(it, 1_000 + SEEN - 1), mayPress(it, 1_000 + SEEN)]).toEqual([false, true]);
  expect([mayClick(it, 'b', 1_000), mayClick(it, 'b', 1_000 + SEEN), mayClick(it, 'c', 9_999)]).toEqual([
    false,
    true,
    false,
  ]);
});

test('what moves up in the place of an answered one is not answered by the same finger', () => {
  const before = listed(NOTHING, ['a', 'b', 'c'], 0);
  const after = listed(moved(before, 1, 500), ['a', 'c'], 5_000);
  expect(after.current).toBe('c');
  expect([mayPress(after, 5_000), mayClick(after, 'c', 5_000), mayPress(after, 5_000 + SEEN)]).toEqual([
    false,
    false,
    true,
  ]);
  expect(mayClick(after, 'a', 5_000)).toBe(true);
});

test('a question that is added below changes nothing for the one that is meant', () => {
  const it = listed(listed(NOTHING, ['a'], 0), ['a', 'b'], 5_000);
  expect([it.current, mayPress(it, 5_000), mayClick(it, 'b', 5_000)]).toEqual(['a', true, false]);
});

test('what came while the tab was hidden is shown when it comes to the front, and not answered by the click that brought it', () => {
  const it = revealed(listed(NOTHING, ['a', 'b'], 0), 9_000);
  expect([it.current, mayPress(it, 9_000), mayClick(it, 'a', 9_000), mayClick(it, 'b', 9_000 + SEEN)]).toEqual([
    'a',
    false,
    false,
    true,
  ]);
});

test('the ends of the list hold, and nothing is meant in an empty one', () => {
  const it = listed(NOTHING, ['a', 'b'], 0);
  expect(moved(it, -1, 1)).toBe(it);
  expect(moved(moved(it, 1, 1), 1, 2).current).toBe('b');
  expect(chosen(it, 'b', 700)).toMatchObject({ current: 'b', place: 1, since: 700 });
  expect(chosen(it, 'gone', 700)).toBe(it);
  const none = listed(it, [], 9);
  expect([none.current, mayPress(none, 9_999), moved(none, 1, 9)]).toEqual([undefined, false, none]);
  expect(listed(moved(it, 1, 1), ['a'], 9).current).toBe('a');
});
