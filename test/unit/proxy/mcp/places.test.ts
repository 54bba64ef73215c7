import { expect, test } from 'vitest';
import { McpPlaces } from '../../../../src/proxy/mcp/places.ts';

test('a place is an origin and a path, whatever its query', () => {
  const places = new McpPlaces();
  places.add('a:80', '/mcp?x=1');
  expect([places.has('a:80', '/mcp?y'), places.has('a:80', '/'), places.has('a:81', '/mcp')]).toEqual([
    true,
    false,
    false,
  ]);
  places.addInbox('a:80', '/in?session=1');
  expect([places.has('a:80', '/in'), places.isInbox('a:80', '/in?z'), places.isInbox('a:80', '/mcp')]).toEqual([
    true,
    true,
    false,
  ]);
});

test('with more places than are remembered, every one is a place', () => {
  const places = new McpPlaces();
  for (let i = 0; i < 64; i++) places.add('a:80', `/${i}`);
  expect(places.has('a:80', '/other')).toBe(false);
  places.add('a:80', '/64');
  expect([places.has('a:80', '/other'), places.has('b:80', '/other')]).toEqual([true, false]);
  for (let i = 0; i < 1_024; i++) places.add(`${i}:80`, '/');
  expect([places.has('b:80', '/other'), places.has('1:80', '/other')]).toEqual([true, false]);
});
