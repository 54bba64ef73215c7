import { describe, expect, test } from 'vitest';
import { rewriteStatement, sourceOffset } from '../../../../src/policy/text/rewrite.ts';
import { splitStatements } from '../../../../src/policy/text/statements.ts';
import { cedar } from '../judge.ts';

function rewrite(source: string): ReturnType<typeof rewriteStatement> {
  const [statement] = splitStatements(source);
  if (statement === undefined) throw new Error('no statement');
  return rewriteStatement(statement);
}

describe('exact rewrites', () => {
  test.each([
    [
      'permit(principal, action == Action::"FileOpen", resource);',
      'permit(principal, action in Action::"FileOpen", resource);',
    ],
    [
      'permit(principal, action, resource) when { action == Action::"NetworkConnect" && true };',
      'permit(principal, action, resource) when { action in Action::"NetworkConnect" && true };',
    ],
    [
      'permit(principal, action, resource) when { resource in [Dir::"/a", File::"/b", Dir::"/c",] };',
      'permit(principal, action, resource) when { (resource in [Dir::"/a", Dir::"/c"] || resource in [File::"/b"]) };',
    ],
  ])('%s', (before, after) => {
    const { text, edits, faults } = rewrite(before);
    expect(text).toBe(after);
    expect(faults).toEqual([]);
    expect(edits).toHaveLength(1);
    expect(cedar.policyToJson(text).type).toBe('success');
  });

  test.each([
    'permit(principal, action == Action::"FileWrite", resource);',
    'permit(principal, action, resource) when { resource in [Dir::"/a", Dir::"/b"] };',
    'permit(principal, action, resource) when { principal.x.resource in [Dir::"/a", File::"/b"] };',
    'permit(principal, action, resource) when { resource in [Dir::"/a", context.file] };',
    'permit(principal, action, resource) when { resource.name == "action == Action::\\"FileOpen\\"" };',
  ])('leaves %s as it is', (source) => {
    expect(rewrite(source)).toEqual({ text: source, edits: [], faults: [] });
  });
});

describe('changes of meaning', () => {
  test.each([
    ['permit(principal, action, resource == Dir::"/x");', 26, 'not what lies in it'],
    ['permit(principal, action, resource == Host::"@registry/npm");', 26, 'a host called @registry/npm, and none is'],
    ['permit(principal == User::"a", action, resource);', 7, 'the principal of every request is an Agent'],
  ])('%s', (source, start, message) => {
    const { text, faults } = rewrite(source);
    expect(text).toBe(source);
    expect(faults).toEqual([expect.objectContaining({ start, message: expect.stringContaining(message) })]);
  });

  test('a condition may compare with the directory itself', () => {
    expect(rewrite('permit(principal, action, resource) when { resource == Dir::"/x/" };').faults).toEqual([]);
  });
});

test('places in rewritten text lead back to the source', () => {
  const source =
    '\n permit(principal, action == Action::"FileOpen", resource) when { resource in [Dir::"/a", File::"/b"] && wrong };';
  const [statement] = splitStatements(source);
  if (statement === undefined) throw new Error('no statement');
  const { text, edits } = rewriteStatement(statement);
  for (const word of ['permit', 'action', 'Action', 'resource', 'when', 'wrong']) {
    expect(sourceOffset(statement, edits, text.indexOf(word))).toBe(source.indexOf(word));
  }
  expect(sourceOffset(statement, edits, text.indexOf('||'))).toBe(source.indexOf('resource in'));
});
