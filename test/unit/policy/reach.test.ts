import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../src/policy/check/cedar.ts';
import { readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { Reach } from '../../../src/policy/reach.ts';
import { FACTS } from './judge.ts';

function reach(host: string, ...texts: readonly string[]): boolean {
  const policies = texts.map((text, i) => readPolicy({ id: `p${i}`, shadow: false, json: statementToJson(text) }));
  return new Reach(policies, FACTS).includes(host);
}

const ANY = 'permit(principal, action in Action::"NetworkConnect", resource);';

describe('a host is within reach', () => {
  test.each([
    ['a.com', ['permit(principal, action, resource == Host::"a.com");']],
    ['a.com', ['permit(principal, action, resource in Host::"a.com:443");']],
    ['x.a.com', ['permit(principal, action, resource in Host::"*.a.com:443");']],
    ['a.com', ['permit(principal, action, resource) when { context has port && context.port == 22 };']],
    ['a.com', ['permit(principal, action == Action::"HttpRequest", resource) when { context.method == "GET" };']],
    ['a.com', ['permit(principal, action, resource in Host::"10.0.0.1");']],
    ['10.0.0.1', ['permit(principal, action, resource in Host::"10.0.0.1:80");']],
    ['a.com', [ANY, 'forbid(principal, action, resource in Host::"a.com:22");']],
    ['npm.registry.example', ['permit(principal, action, resource in Host::"@registry/npm");']],
    // The registry is one port of it.
    ['npm.registry.example', [ANY, 'forbid(principal, action, resource in Host::"@registry/npm");']],
    [
      'a.com',
      [ANY, 'forbid(principal, action == Action::"NetConnect", resource) when { context.proc.exe.name == "curl" };'],
    ],
  ] as const)('%s with %j', (host, policies) => {
    expect(reach(host, ...policies)).toBe(true);
  });
});

describe('a host is out of reach', () => {
  test.each([
    ['a.com', []],
    // Names that an agent may look up, spelt like groups.
    ['@registry/npm', ['permit(principal, action, resource in Host::"@registry/npm");']],
    ['*.a.com', [ANY]],
    ['npm.registry.example', ['permit(principal, action, resource in Host::"@registry/cargo");']],
    ['sub.npm.registry.example', ['permit(principal, action, resource in Host::"@registry/npm");']],
    ['a.com', ['permit(principal, action, resource in Host::"*.a.com");']],
    ['b.com', ['permit(principal, action, resource in Host::"a.com:443");']],
    ['a.com', [ANY, 'forbid(principal, action, resource in Host::"a.com");']],
    ['x.a.com', [ANY, 'forbid(principal, action, resource) when { resource.name like "*.a.com" };']],
    ['a.com', ['permit(principal in User::"bob", action, resource);']],
    ['a.com', ['permit(principal, action == Action::"DnsResolve", resource);']],
    ['a.com', ['permit(principal, action in Action::"FileOpen", resource);']],
  ] as const)('%s with %j', (host, policies) => {
    expect(reach(host, ...policies)).toBe(false);
  });
});
