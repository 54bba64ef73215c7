import { expect, test } from 'vitest';
import { suffixNotes } from '../../../../src/policy/check/public-suffix.ts';
import { splitStatements } from '../../../../src/policy/text/statements.ts';

const places = (text: string): readonly string[] =>
  splitStatements(text).flatMap((statement) =>
    suffixNotes(statement).map(({ start, length }) => text.slice(start, start + length)),
  );

test.each(['com', 'co.uk', 'github.io', 's3.amazonaws.com', 'kawasaki.jp', 'xn--p1ai'])('*.%s is noted', (suffix) => {
  expect(places(`permit(principal, action, resource in Host::"*.${suffix}");`)).toEqual([`Host::"*.${suffix}"`]);
});

test.each([
  '*.example.com',
  'com',
  '*',
  '*:443',
  '*.example',
  '*.internal',
  '*.corp.local',
  '10.0.0.1',
  '*.city.kawasaki.jp',
])('%s is not', (host) => {
  expect(places(`permit(principal, action, resource in Host::"${host}");`)).toEqual([]);
});

test('wherever it stands, with a port, in a set, in a condition; each at its place', () => {
  const text = `permit(principal, action, resource);
    @id("permit") @reason("x")
    permit(principal, action, resource) when { resource in [Host::"*.com:443", Host::"*.a.com", Host::"*.io"] };`;
  expect(places(text)).toEqual(['Host::"*.com:443"', 'Host::"*.io"']);
});

test('not in a forbid, and not where it takes away', () => {
  expect(places('forbid(principal, action, resource in Host::"*.com");')).toEqual([]);
  expect(places('@permit("x") forbid(principal, action, resource in Host::"*.com");')).toEqual([]);
  const unless = 'permit(principal, action, resource) unless { resource in Host::"*.com" }';
  expect(places(`${unless};`)).toEqual([]);
  expect(places(`${unless} when { resource in Host::"*.org" };`)).toEqual(['Host::"*.org"']);
});
