import { expect, test } from 'vitest';
import { belongings } from '../../../../src/sandbox/container/belongings.ts';

const owner = { home: '/home/me', copies: { '/home/me/.a/token': '{"t":1}\n', '/elsewhere/token': 'x' } };

test('variables, an empty text, then each copy by its path in the home; nothing that lies elsewhere', () => {
  expect(belongings({ A: '1', B: '' }, owner).toString()).toBe('A=1\0B=\0\0.a/token\0{"t":1}\n\0');
});

test('a home of the host’s gets no copy', () => {
  expect(belongings({ A: '1' }, undefined).toString()).toBe('A=1\0\0');
});
