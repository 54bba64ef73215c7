import { expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { likeMatcher } from '../../../../src/policy/evaluate/like.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { cedarPattern, cedarString, hasLiteral } from '../../../../src/policy/text/literal.ts';

const NAMES = [
  'plain',
  'quo"te',
  'back\\slash',
  'new\nline\rtab\t',
  '*',
  'a*b\\*c',
  '"); permit(principal, action, resource); //',
  '\u0008\u000c\u0001\u001b[31m',
  '\u202e\u200b\u00ad\u2028\u061c\u3164\u{e0041}',
  'é€🦊',
  '$' + '{x} \\u{41}',
];

/** What Cedar reads in a statement that holds the text. */
function idIn(text: string): unknown {
  const json = statementToJson(`permit(principal, action, resource == File::${text});`);
  return (json.resource as { entity: { id: string } }).entity.id;
}

test.each(NAMES)('Cedar reads the name %j back as it was', (name) => {
  expect(idIn(cedarString(name))).toBe(name);
});

test('nothing that a terminal would act on stands in a literal', () => {
  expect(NAMES.map(cedarString).join('')).not.toMatch(
    /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u061c\u3164\u{e0041}]/u,
  );
});

test.each(NAMES)('a pattern holds for the name %j, and its asterisk is no wildcard', (name) => {
  const text = `permit(principal, action, resource) when { context.path like ${cedarPattern([`/${name}/`, ''])} };`;
  const { conditions } = readPolicy({ id: 'p', shadow: false, json: statementToJson(text) });
  const body = conditions[0]?.body;
  const matches = likeMatcher(body?.op === 'like' ? body.pattern : []);
  expect([matches(`/${name}/x`), matches(`/${name}x`), matches(`/${name.replaceAll('*', 'y')}/`)]).toEqual([
    true,
    false,
    !name.includes('*'),
  ]);
});

test.each([
  ['/a', true],
  ['/\ufffd', false],
  ['/\ud800', false],
  ['/a\0', false],
  ['a'.repeat(1_025), false],
])('has %j a literal: %j', (name, answer) => {
  expect(hasLiteral(name)).toBe(answer);
});
