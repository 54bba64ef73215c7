import { expect, test } from 'vitest';
import { cedarSchema } from '../../../../src/policy/cedar-schema.ts';
import { schemaToJson } from '../../../../src/policy/check/cedar.ts';
import { complete } from '../../../../src/policy/complete/complete.ts';
import { vocabularyOf } from '../../../../src/policy/complete/vocabulary.ts';

const vocabulary = vocabularyOf(schemaToJson(cedarSchema()));

/** Completions at the `|`. */
function at(marked: string): readonly string[] {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return complete(text, offset, vocabulary, 100).map(({ insertText }) => insertText);
}

test.each<[string, readonly string[], readonly string[]]>([
  ['|', ['permit', 'forbid'], ['principal']],
  ['permit(principal, action, resource);\nfor|', ['forbid'], ['permit']],
  ['@|', ['id', 'reason', 'ask'], ['permit']],
  ['permit(|', ['principal'], ['permit']],
  ['permit(principal, action == |', ['Action::"FileWrite"', 'Action::"NetConnect"'], ['principal']],
  ['permit(principal, action in [|', ['Action::"FileOpen"'], ['File::""']],
  ['permit(principal, action == Action::|', ['"FileWrite"'], ['File::""']],
  ['permit(principal, action == Action::"Net|', ['NetConnect', 'NetworkConnect'], ['FileWrite']],
  ['permit(principal, action, resource in |', ['Dir::""', 'MCP::Server::""'], ['Action::"FileWrite"']],
  ['permit(principal, action, resource is |', ['Host'], ['Host::""']],
  ['permit(principal, action, resource is MCP::|', ['MCP::Server', 'MCP::Tool'], ['Host']],
  ['permit(principal, action, resource) |', ['when', 'unless'], ['permit']],
  ['permit(principal, action == Action::"NetConnect", resource) when { context.|', ['port', 'protocol'], ['method']],
  ['permit(principal, action, resource) when { context.|', ['port', 'method'], []],
  ['permit(principal, action, resource) when { resource.|', ['name', 'path'], []],
  ['permit(principal, action, resource) when { con|', ['context'], ['principal']],
  [
    'permit(principal, action, resource == Host::"a.example"); permit(principal, action, resource == Host::"|',
    ['a.example'],
    [],
  ],
])('at %s', (marked, some, none) => {
  const found = at(marked);
  expect(some.filter((word) => !found.includes(word))).toEqual([]);
  expect(none.filter((word) => found.includes(word))).toEqual([]);
});

test('nothing in a comment, and nothing breaks on broken text', () => {
  expect(at('// per|')).toEqual([]);
  expect(at('permit(principal) // a "string |')).toEqual([]);
  for (const text of ['"|', ')))|', '\\|', 'permit(principal, action == Action::"\u{1F600}|', '::|', '"\\|'])
    expect(() => at(text)).not.toThrow();
});

test('what is written is replaced, and there are no more than are wanted', () => {
  expect(complete('perm', 4, vocabulary, 100)).toMatchObject([{ label: 'permit', start: 0, end: 4 }]);
  expect(complete('permit(principal, action == ', 28, vocabulary, 3)).toHaveLength(3);
});
