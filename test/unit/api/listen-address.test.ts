import { expect, test } from 'vitest';
import { listenAddress, listenText } from '../../../src/api/listen-address.ts';

test.each([
  ['18080', '127.0.0.1:18080'],
  [':9000', '127.0.0.1:9000'],
  ['localhost:1', '127.0.0.1:1'],
  ['127.0.0.5:65535', '127.0.0.5:65535'],
  ['[::1]:80', '[::1]:80'],
])('%s is %s', (text, expected) => {
  const address = listenAddress(text);
  expect(address && listenText(address)).toBe(expected);
});

test('blank is none', () => {
  expect(listenAddress('')).toBeUndefined();
  expect(listenAddress('  ')).toBeUndefined();
});

test.each([
  '0',
  '65536',
  'a',
  '127.0.0.1',
  '127.0.0.1:',
  '::1:80',
  '0.0.0.0:80',
  '[::]:80',
  '192.168.1.1:80',
  'evil.example:80',
  '127.0.0.1.evil.example:80',
  '[::ffff:127.0.0.1]:80',
])('%s is refused', (text) => {
  expect(() => listenAddress(text)).toThrow(/--listen/);
});
