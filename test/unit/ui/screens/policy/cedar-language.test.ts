import { expect, test } from 'vitest';
import { cedar } from '../../../../../ui/src/screens/policy/cedar-language.ts';

function tokens(text: string): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  cedar.parser.parse(text).iterate({
    enter: ({ name, from, to, node }) => {
      if (node.firstChild === null) found.push([name, text.slice(from, to)]);
    },
  });
  return found;
}

test('a statement has its annotations, words, types, strings and comments', () => {
  expect(tokens('@id("a") permit(principal, action == Action::"FileOpen", resource is MCP::Tool) // b "c"')).toEqual([
    ['meta', '@id'],
    ['string', '"a"'],
    ['keyword', 'permit'],
    ['variableName', 'principal'],
    ['variableName', 'action'],
    ['operator', '=='],
    ['typeName', 'Action'],
    ['operator', '::'],
    ['string', '"FileOpen"'],
    ['variableName', 'resource'],
    ['keyword', 'is'],
    ['typeName', 'MCP'],
    ['operator', '::'],
    ['typeName', 'Tool'],
    ['comment', '// b "c"'],
  ]);
});

test('attributes are no variables, and no slash inside a string is a comment', () => {
  expect(tokens('context.resource like "a//\\"b" && 80')).toEqual([
    ['variableName', 'context'],
    ['propertyName', 'resource'],
    ['keyword', 'like'],
    ['string', '"a//\\"b"'],
    ['operator', '&&'],
    ['number', '80'],
  ]);
});

test('a string goes on over lines', () => {
  expect(tokens('"permit\n(when" when')).toEqual([
    ['string', '"permit'],
    ['string', '(when"'],
    ['keyword', 'when'],
  ]);
});
