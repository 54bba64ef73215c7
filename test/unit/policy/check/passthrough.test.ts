// `@passthrough` where it contradicts another rule, and where it does not: by text, as a person meets it.
import { describe, expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { checkPolicies } from '../../../../src/policy/check/check.ts';
import { StatementChecker } from '../../../../src/policy/check/statement-check.ts';

function faults(...lines: readonly string[]): readonly string[] {
  const text = lines.join('\n');
  const result = checkPolicies({ name: 'p.cedar', text }, new StatementChecker(cedarSchema()), '2026-06-15');
  return result.ok ? [] : result.lines.filter((line) => line.startsWith('p.cedar:'));
}

const PINNED =
  '@passthrough permit(principal, action in Action::"NetworkConnect", resource in Host::"*.a.example:443");';

describe('is accepted', () => {
  test.each([
    [[]],
    [['permit(principal, action, resource);']],
    [['forbid(principal, action == Action::"HttpRequest", resource == Host::"b.example");']],
    [['forbid(principal, action == Action::"HttpRequest", resource == Host::"a.example");']],
    [['forbid(principal, action == Action::"HttpRequest", resource in Host::"*.a.example:80");']],
    [['forbid(principal, action == Action::"HttpRequest", resource) when { context.scheme == "http" };']],
    [['forbid(principal, action == Action::"NetConnect", resource) when { context.ip.isLoopback() };']],
    [['permit(principal, action == Action::"HttpRequest", resource) when { context.method == "GET" };']],
    [['@expires("2020-01-01") forbid(principal, action == Action::"HttpRequest", resource);']],
  ])('beside %j', (others) => {
    expect(faults(PINNED, ...others)).toEqual([]);
  });

  test('with a condition that connections and requests share', () => {
    const permit = PINNED.replace(';', ' when { context.port == 443 };');
    expect(faults(permit)).toEqual([]);
  });

  test('on a permit of connections, when another permits all requests on them', () => {
    expect(
      faults(
        '@ask @passthrough permit(principal, action == Action::"NetConnect", resource == Host::"a.example");',
        'permit(principal, action == Action::"HttpRequest", resource == Host::"a.example");',
      ),
    ).toEqual([]);
  });
});

describe('is refused', () => {
  test.each([
    [
      'forbid(principal, action == Action::"HttpRequest", resource) when { context.method == "PUT" };',
      'the forbid "cedar',
    ],
    ['forbid(principal, action == Action::"HttpRequest", resource == Host::"x.a.example");', 'the forbid'],
    ['@ask forbid(principal, action == Action::"HttpRequest", resource in Host::"*.example");', 'the forbid'],
    ['@mode("shadow") forbid(principal, action == Action::"HttpRequest", resource);', 'the forbid'],
    [
      '@id("none") forbid(principal == Agent::"codex", action, resource);',
      'the forbid "none" is about requests to *.a.example',
    ],
    [
      '@id("key") permit(principal, action == Action::"SecretUse", resource == Secret::"key") when { context.host in Host::"*.a.example" };',
      '"key" changes requests to *.a.example',
    ],
    [
      '@id("set") permit(principal, action == Action::"HttpRewrite", resource) when { context.header == "x" && context.value == "y" };',
      '"set" changes requests',
    ],
  ])('beside %s', (other, says) => {
    const [line, ...more] = faults('// first', PINNED, other);
    expect(more).toEqual([]);
    expect(line).toMatch(/^p\.cedar:2:1: @passthrough would hide from Leash what /);
    expect(line).toContain(says.replace(' "cedar', ''));
  });

  test.each([
    '@passthrough permit(principal, action == Action::"NetConnect", resource == Host::"a.example");',
    '@ask @passthrough permit(principal, action in Action::"NetworkConnect", resource == Host::"a.example");',
  ])('where not every request is permitted: %s', (permit) => {
    expect(faults(permit)).toEqual([
      'p.cedar:1:1: @passthrough would hide requests to a.example, and not every one of them is permitted',
    ]);
  });

  test.each([
    '@passthrough permit(principal, action in Action::"NetworkConnect", resource);',
    '@passthrough permit(principal, action == Action::"HttpRequest", resource == Host::"a.example");',
    '@passthrough forbid(principal, action in Action::"NetworkConnect", resource == Host::"a.example");',
    '@passthrough permit(principal, action in Action::"NetworkConnect", resource in Host::"@registry/npm");',
    '@passthrough permit(principal, action in Action::"FileOpen", resource in Dir::"/a/");',
  ])('where it is misplaced: %s', (statement) => {
    expect(faults(statement)).toEqual([
      'p.cedar:1:1: @passthrough belongs on a permit that names the host of a connection',
    ]);
  });

  test('with a text', () => {
    expect(faults(PINNED.replace('passthrough', 'passthrough("pinned")'))).toEqual([
      'p.cedar:1:2: @passthrough takes no text',
    ]);
  });
});
