import { expect, test } from 'vitest';
import { DraftStore, followed, isBehind, withAside } from '../../../../../ui/src/screens/policy/draft.ts';

const written = { epoch: 1, base: 'old', text: 'mine' };

test('what nobody touched follows what is in force; what somebody wrote stays', () => {
  expect(followed({ epoch: 1, base: 'old', text: 'old' }, { epoch: 2, text: 'new' })).toEqual({
    epoch: 2,
    base: 'new',
    text: 'new',
  });
  expect(followed(written, { epoch: 2, text: 'theirs' })).toBe(written);
  expect(isBehind(written, { epoch: 2, text: 'theirs' })).toBe(true);
});

test('another epoch of the same text is no conflict, nor is one with what was written', () => {
  expect(followed(written, { epoch: 2, text: 'old' })).toEqual({ ...written, epoch: 2 });
  expect(followed(written, { epoch: 2, text: 'mine' })).toEqual({ epoch: 2, base: 'mine', text: 'mine' });
  expect(isBehind(written, { epoch: 2, text: 'mine' })).toBe(false);
});

test('a text is set aside once, the newest first, at most twenty', () => {
  const kept = Array.from({ length: 20 }, (_, time) => ({ time, text: `text ${time}` }));
  const next = withAside(kept, { time: 99, text: 'text 3' });
  expect(next).toHaveLength(20);
  expect(next[0]).toEqual({ time: 99, text: 'text 3' });
  expect(withAside(kept, { time: 99, text: 'other' })).toHaveLength(20);
});

test('a draft outlives the page, and a full or broken storage', () => {
  const values = new Map<string, string>();
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
  new DraftStore(storage).write('one', { draft: written, aside: [] });
  expect(new DraftStore(storage).read('one')).toEqual({ draft: written, aside: [] });
  expect(new DraftStore(storage).read('other')).toEqual({ draft: undefined, aside: [] });
  values.set('leash-policy:one', '{');
  expect(new DraftStore(storage).read('one')).toEqual({ draft: undefined, aside: [] });
  const full = new DraftStore({
    getItem: () => null,
    setItem: () => {
      throw new Error('full');
    },
  });
  full.write('one', { draft: written, aside: [] });
  expect(full.read('one').draft).toEqual(written);
});

test('what this tab has just put in force is not taken back by an older answer', () => {
  const applied = { epoch: 2, base: 'mine', text: 'mine' };
  expect(followed(applied, { epoch: 1, text: 'old' })).toBe(applied);
  expect(isBehind({ ...applied, text: 'mine and more' }, { epoch: 1, text: 'old' })).toBe(false);
});
