import { expect, test } from 'vitest';
import { readCedarTests } from '../../../../src/policy/suite/cedar-tests.ts';

const REQUEST = {
  principal: 'Agent::"claude"',
  action: 'Action::"FileWrite"',
  resource: 'File::"/a \\"b\\""',
  context: { proc: {} },
};
const TEST = { request: REQUEST, entities: [], decision: 'deny', reason: ['p'], num_errors: 2 };
const noFile = (): never => {
  throw new Error('no file is asked for');
};
const read = (...tests: readonly unknown[]) => readCedarTests(JSON.stringify(tests), noFile);

test('the fields of the official format are taken over', () => {
  expect(read({ ...TEST, name: 'a test' }, TEST)).toEqual([
    {
      name: 'a test',
      principal: { kind: 'entity', type: 'Agent', id: 'claude' },
      action: { kind: 'entity', type: 'Action', id: 'FileWrite' },
      resource: { kind: 'entity', type: 'File', id: '/a "b"' },
      context: { proc: { via: '' } },
      entities: [],
      decision: 'deny',
      reason: ['p'],
      errors: 2,
    },
    expect.objectContaining({ name: '2' }),
  ]);
});

test('a program of which nothing is said belongs to no MCP server', () => {
  const contextOf = (context: unknown): unknown => read({ ...TEST, request: { ...REQUEST, context } })[0]?.context;
  expect(contextOf({ proc: { uid: 1 } })).toEqual({ proc: { uid: 1, via: '' } });
  expect(contextOf({ proc: { via: 'mcp:a' } })).toEqual({ proc: { via: 'mcp:a' } });
  expect(contextOf({ qtype: 'A' })).toEqual({ qtype: 'A' });
});

test('entities may stand in a file of their own, or be left to Leash', () => {
  const { entities: _, ...without } = TEST;
  expect(read(without)[0]?.entities).toBeUndefined();
  const text = JSON.stringify([{ ...TEST, entities: 'e.json' }]);
  expect(readCedarTests(text, (file) => [{ file }])[0]?.entities).toEqual([{ file: 'e.json' }]);
});

test.each([
  ['{', /it is not JSON/],
  ['{}', /it is not a list of tests/],
  ['[1]', /test 1: it is not an object/],
  [
    JSON.stringify([TEST, { ...TEST, name: 'n', decision: 'Allow' }]),
    /test 2 "n": "decision" is not "allow" or "deny"/,
  ],
  [JSON.stringify([{ ...TEST, reason: 'p' }]), /"reason" is not a list/],
  [JSON.stringify([{ ...TEST, num_errors: -1 }]), /"num_errors" is not a number/],
  [JSON.stringify([{ ...TEST, entities: 3 }]), /"entities" is neither a list nor/],
  [
    JSON.stringify([{ ...TEST, request: { ...REQUEST, action: 'FileWrite' } }]),
    /"request.action" is "FileWrite", not an entity/,
  ],
  [JSON.stringify([{ ...TEST, request: { ...REQUEST, principal: 'A::"b" x' } }]), /"request.principal" is/],
  [JSON.stringify([{ ...TEST, request: { ...REQUEST, context: [] } }]), /"context" is not an object/],
])('%s', (text, message) => expect(() => readCedarTests(text, noFile)).toThrow(message));
