import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { makePlaceholder } from '../../../../src/proxy/secrets/placeholder.ts';
import { SecretValue, valueObjection } from '../../../../src/proxy/secrets/secret-value.ts';

const CLAIMS = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"sub":"1"}').toString('base64url')}`;

it.each([
  [`sk-ant-api03-${'aB3-_xY9'.repeat(12)}`, /^sk-ant-api03-[A-Za-z0-9]{96}$/],
  [`ghp_${'x1'.repeat(18)}`, /^ghp_[A-Za-z0-9]{36}$/],
  ['0123456789abcdef0123456789abcdef', /^[0-9a-f]{32}$/],
  ['550e8400-e29b-41d4-a716-446655440000', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/],
  ['AKIAIOSFODNN7EXAMPLE', /^AKIA[A-Z2-7]{16}$/],
  [`${CLAIMS}.${'s'.repeat(43)}`, new RegExp(`^${CLAIMS.replaceAll('.', '\\.')}\\.[A-Za-z0-9]{43}$`)],
])('keeps the shape and the length of %s', (value, shape) => {
  const placeholder = makePlaceholder(value);
  expect(placeholder).toMatch(shape);
  expect(placeholder).toHaveLength(value.length);
  expect(placeholder).not.toBe(value);
  expect(makePlaceholder(value)).not.toBe(placeholder);
});

it('tells nothing of a value without a known beginning', () => {
  const value = 'correct-horse-battery-staple';
  const words = new Set(Array.from({ length: 50 }, () => makePlaceholder(value)).flatMap((text) => text.split('-')));
  for (const word of value.split('-')) expect(words.has(word)).toBe(false);
});

it('is longer than a short value, by a multiple of three', () => {
  for (let length = 8; length < 16; length++) {
    const placeholder = makePlaceholder('p'.repeat(length));
    expect(placeholder.length).toBeGreaterThanOrEqual(16);
    expect((placeholder.length - length) % 3).toBe(0);
  }
});

it('a value shows its name wherever it is printed', () => {
  const value = new SecretValue('token', 'the-real-value');
  const shown = [String(value), `${value}`, JSON.stringify({ value }), inspect(value, { showHidden: true, depth: 9 })];
  for (const text of shown) expect(text).not.toContain('real');
  expect(shown[0]).toBe('[secret:token]');
  expect(value.reveal()).toBe('the-real-value');
  value.dispose();
  expect(value.reveal()).not.toContain('real');
});

it.each([
  ['short', /fewer than 8/],
  ['a line\r\nX-Other: 1', /no header may hold/],
  ['schlüssel-mit-umlaut', /no header may hold/],
  ['x'.repeat(16_385), /more than 16384/],
])('refuses %j', (text, why) => {
  expect(valueObjection(text)).toMatch(why);
  expect(valueObjection(text)).not.toContain(text);
});
