import { expect, test } from 'vitest';
import { encodeBelongings } from '../../../../src/sandbox/container/belongings.ts';

const owner = { home: '/home/me', copies: { '/home/me/.a/token': '{"t":1}\n', '/elsewhere/token': 'x' } };

test('the user and links, variables, then each copy by its path in the home; nothing that lies elsewhere', () => {
  expect(encodeBelongings({ user: 'node', links: ['/a:/b', '/a:/c'], env: { A: '1', B: '' }, owner }).toString()).toBe(
    'node\0/a:/b\0/a:/c\0\0A=1\0B=\0\0.a/token\0{"t":1}\n\0',
  );
});

test('a home of the host’s gets no copy', () => {
  expect(encodeBelongings({ user: '0', links: [], env: { A: '1' }, owner: undefined }).toString()).toBe('0\0\0A=1\0\0');
});
