// Sets that decide every request alike, in other words each.
import { expect, test } from 'vitest';
import { runRefactorings } from './random-refactorings.ts';
import { CONNECT, compare, EXEC, HTTP, summary, WRITE } from './statements-of.ts';

test.each<[string, readonly string[], readonly string[]]>([
  [
    'a disjunction in two policies',
    [`permit(${WRITE}, resource) when { resource in Dir::"/a" || resource.ext == "md" };`],
    [`permit(${WRITE}, resource in Dir::"/a/");`, `permit(${WRITE}, resource) when { resource.ext == "md" };`],
  ],
  [
    'a conjunction distributed',
    [`permit(${WRITE}, resource) when { resource.name == "a" && (resource in Dir::"/x" || resource in Dir::"/y") };`],
    [
      `permit(${WRITE}, resource) when { (resource.name == "a" && resource in Dir::"/x") || (resource in Dir::"/y" && resource.name == "a") };`,
    ],
  ],
  [
    'unless as when not, where nothing fails',
    [`permit(${WRITE}, resource) unless { resource.ext == "pem" };`],
    [`permit(${WRITE}, resource) when { !(resource.ext == "pem") };`],
  ],
  [
    'order and ids',
    [`permit(${WRITE}, resource in Dir::"/a");`, `forbid(${WRITE}, resource in Dir::"/a/b");`],
    [`@id("x") forbid(${WRITE}, resource in Dir::"/a/b");`, `@id("y") permit(${WRITE}, resource in Dir::"/a");`],
  ],
  [
    'a policy inside another',
    [`permit(${WRITE}, resource in Dir::"/a");`],
    [`permit(${WRITE}, resource in Dir::"/a");`, `permit(${WRITE}, resource == File::"/a/b/c");`],
  ],
  [
    'texts that no path has',
    [],
    [
      `permit(${WRITE}, resource) when { resource.path like "*//*" || resource.path like "*/../*" || resource.name == ".." };`,
    ],
  ],
  [
    'a range and its halves',
    [`permit(${CONNECT}, resource) when { context.ip.isInRange(ip("10.0.0.0/8")) };`],
    [
      `permit(${CONNECT}, resource) when { context.ip.isInRange(ip("10.0.0.0/9")) || context.ip.isInRange(ip("10.128.0.0/9")) };`,
    ],
  ],
  [
    'a comparison and its neighbour',
    [`permit(${CONNECT}, resource) when { context.port < 1024 };`],
    [`permit(${CONNECT}, resource) when { !(1023 < context.port) };`],
  ],
  [
    'the two protocols',
    [`permit(${CONNECT}, resource);`],
    [`permit(${CONNECT}, resource) when { context.protocol == "tcp" || context.protocol == "udp" };`],
  ],
  [
    'names that no host has',
    [],
    [
      `permit(${CONNECT}, resource) when { resource.name like "*..*" || resource.name like "-*" || resource.name == "A.example" };`,
    ],
  ],
  [
    'the name twice',
    [`permit(${HTTP}, resource) when { context.hostname == "a.example" };`],
    [`permit(${HTTP}, resource == Host::"a.example");`],
  ],
  [
    'a set of arguments and its elements',
    [`permit(${EXEC}, resource) when { context.argv.containsAny(["-f", "--force"]) };`],
    [
      `permit(${EXEC}, resource) when { context.argv.contains("-f") };`,
      `permit(${EXEC}, resource) when { context.argv.contains("--force") };`,
    ],
  ],
  [
    'what a line of descent cannot hold',
    [],
    [
      `permit(${EXEC}, resource) when { context.proc.ancestors.isEmpty() && context.proc.ancestors.contains(File::"/bin/sh") };`,
      `permit(${EXEC}, resource) when { context.proc.ancestors.contains(File::"/bin/../sh") };`,
    ],
  ],
  [
    'every program belongs to an MCP server or to none',
    [`permit(${EXEC}, resource);`],
    [
      `permit(${EXEC}, resource) when { context.proc.via == "" };`,
      `permit(${EXEC}, resource) when { context.proc.via like "mcp:*" };`,
    ],
  ],
  [
    'a header that is absent fails, one that is present does not',
    [`permit(${HTTP}, resource) when { context.headers.getTag("accept") like "*json*" };`],
    [
      `permit(${HTTP}, resource) when { context.headers.hasTag("accept") && context.headers.getTag("accept") like "*json*" };`,
    ],
  ],
  [
    'a hash that no content has',
    [],
    [`permit(${EXEC}, resource) when { context has sha256 && context.sha256 == "abc" };`],
  ],
  [
    'a hash that is absent fails',
    [`permit(${EXEC}, resource) when { context.sha256 like "ab*" };`],
    [`permit(${EXEC}, resource) when { context has sha256 && context.sha256 like "ab*" };`],
  ],
  [
    'no hash is not another hash',
    [`permit(${EXEC}, resource) unless { context.sha256 like "ab*" };`],
    [`permit(${EXEC}, resource) when { context has sha256 && !(context.sha256 like "ab*") };`],
  ],
])('equivalent: %s', (_, before, after) => {
  expect(summary(compare(before, after))).toEqual([]);
  expect(summary(compare(after, before))).toEqual([]);
});

test('random sets in other words do not differ', () => {
  const tally = runRefactorings(20_252, 80);
  expect(tally.faults).toEqual([]);
  expect(tally.reworded).toBeGreaterThan(80);
}, 300_000);
