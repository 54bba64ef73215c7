import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../src/policy/check/cedar.ts';
import { readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { HostCandidates } from '../../../src/policy/host-candidates.ts';
import { FACTS } from './judge.ts';

function candidates(host: string, ...bodies: readonly string[]): readonly string[] {
  const policies = bodies.map((body, i) => {
    const json = statementToJson(`permit(principal, action, resource) when { ${body} };`);
    return readPolicy({ id: `p${i}`, shadow: false, json });
  });
  return new HostCandidates(policies).of(host, FACTS.registries ?? {}).map(({ id }) => id);
}

describe('a policy that no connection to the host satisfies is left out', () => {
  test.each([
    ['a.com', 'resource in Host::"b.com:443"'],
    ['a.com', 'resource in Host::"*.a.com"'],
    ['a.com', 'resource in Host::"x.a.com"'],
    ['a.com', 'resource == Host::"a.com:443"'],
    ['a.com', 'resource in Host::"@registry/cargo"'],
    ['a.com', 'resource in Dir::"/a.com/"'],
    ['a.com', 'resource.name == "b.com"'],
    ['a.com', 'context.hostname == "b.com" || resource in Host::"c.com:80"'],
    ['a.com', 'context.port == 80 && context.hostname == "b.com"'],
    // An error satisfies nothing.
    ['a.com', 'context.nope == 80 && resource in Host::"b.com"'],
  ])('%s: %s', (host, body) => {
    expect(candidates(host, body)).toEqual([]);
  });
});

describe('a policy that some connection to the host could satisfy stays', () => {
  test.each([
    ['a.com', 'resource in Host::"a.com:443"'],
    ['a.com', 'resource == Host::"a.com"'],
    ['x.a.com', 'resource in Host::"*.a.com:443"'],
    ['x.a.com', 'resource in Host::"*"'],
    ['a.com', 'resource in Host::"10.0.0.1"'],
    ['a.com', 'resource in Host::"[fe80::1]:80"'],
    ['10.0.0.1', 'resource in Host::"10.0.0.2:80"'],
    ['a.com', 'resource in Host::"@registry/npm"'],
    ['a.com', 'context.port == 80'],
    ['a.com', 'resource.name like "b*"'],
    ['a.com', 'context.port == 80 || resource in Host::"b.com"'],
    ['a.com', '!(resource in Host::"b.com")'],
    // Not a name that a resolver gives, but one that a caller may ask about.
    ['a.com:443', 'resource in Host::"a.com:443"'],
  ])('%s: %s', (host, body) => {
    expect(candidates(host, body)).toEqual(['p0']);
  });
});

test('each policy comes once', () => {
  expect(candidates('x.a.com', 'resource in [Host::"x.a.com", Host::"*.a.com", Host::"*"]')).toEqual(['p0']);
});
