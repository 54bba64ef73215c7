import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { literalFaults, namesOnly } from '../../../../src/policy/check/enforceable.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { splitStatements } from '../../../../src/policy/text/statements.ts';

function faults(expression: string): readonly string[] {
  const [statement] = splitStatements(`permit(principal, action, resource) when { ${expression} };`);
  return statement === undefined ? [] : literalFaults(statement).map(({ message }) => message);
}

describe('entity literals', () => {
  test.each([
    'Dir::"/"',
    'Dir::"/a/b"',
    'Dir::"@workspace/"',
    'Dir::"@home"',
    'File::"/a"',
    'Host::"a.b-c.example:443"',
    'Host::"*.example"',
    'Host::"@registry/npm"',
    'Host::"@registry/pip"',
    'Host::"@registry/cargo"',
    'Host::"*:22"',
    'Host::"10.0.0.1"',
    'Host::"[fe80::1]:443"',
    'Host::"::1"',
    'Repository::"forge.example/team/app"',
    'Repository::"forge.example/team/"',
    'Repository::"forge.example/"',
    'Repository::"10.0.0.1/a"',
    'Repository::"[fe80::1]/a"',
    'Action::"FileOpen"',
    'Action::"McpCall"',
    'MCP::Server::"x"',
    'Secret::"x"',
    'resource.Secret',
  ])('%s can occur', (literal) => {
    expect(faults(`resource in ${literal}`)).toEqual([]);
  });

  test.each([
    'Dir::"a/"',
    'Dir::"/a//b/"',
    'Dir::"/a/../b/"',
    'Dir::"@workspace/src/"',
    'Dir::""',
    'File::"/a/"',
    'File::"@workspace/x"',
    'Host::"@registry/gem"',
    'Host::"@registry"',
    'Host::"@registry/npm:443"',
    // What decides whether the user\'s tools are asked is the text.
    'Host::"\\u{40}registry/npm"',
    'Host::"Example.com"',
    'Host::"example.com."',
    'Host::"example.com:65536"',
    'Host::"https://example.com"',
    'Host::"a.*.example"',
    'Host::"*example.com"',
    'Host::"10.0.0.0/8"',
    'Host::"fe80::0001"',
    'Repository::"forge.example"',
    'Repository::"/team/app"',
    'Repository::"team"',
    'Repository::"Forge.example/team/app"',
    'Repository::"*.example/team/app"',
    'Repository::"forge.example/team/app.git"',
    'Repository::"forge.example:443/team/app"',
    'Repository::"https://forge.example/team/app"',
    'Repository::"forge.example//app"',
    'Repository::"fe80::1/a"',
    'Repository::"[10.0.0.1]/a"',
  ])('%s is refused', (literal) => {
    expect(faults(`resource in ${literal}`)).toHaveLength(1);
  });
});

describe('namesOnly', () => {
  const body = (expression: string): boolean => {
    const json = statementToJson(`permit(principal, action, resource) when { ${expression} };`);
    const [condition] = readPolicy({ id: 'p', shadow: false, json }).conditions;
    return condition !== undefined && namesOnly({ op: 'not', operand: condition.body });
  };

  test.each([
    'resource in Dir::"/a/"',
    'resource in [Dir::"/a/", Dir::"/b/"]',
    'resource == File::"/a" || File::"/a" != resource',
    '[File::"/a", resource].contains(context.proc.exe)',
    'resource is File in Dir::"/a/"',
  ])('%s', (expression) => {
    expect(body(expression)).toBe(true);
  });

  test.each([
    'Dir::"/a/" in Dir::"/"',
    'Dir::"/a/".path == "/a/"',
    'Dir::"/a/" has name',
    'Dir::"/a/" is Dir',
    '(if true then Dir::"/a/" else Dir::"/b/") in Dir::"/"',
    '{d: Dir::"/a/"}.d in Dir::"/"',
    'resource in [[Dir::"/a/"]]',
  ])('%s depends on more than a name', (expression) => {
    expect(body(expression)).toBe(false);
  });
});
