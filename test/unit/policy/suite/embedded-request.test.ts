import { expect, test } from 'vitest';

import type { CedarTest } from '../../../../src/policy/suite/cedar-tests.ts';
import { embeddedRequest } from '../../../../src/policy/suite/embedded-request.ts';
import { FACTS } from '../judge.ts';

const entity = (type: string, id: string) => ({ kind: 'entity', type, id }) as const;
const PROC = { exe: { type: 'File', id: '/bin/sh' }, uid: 1, ancestors: [] };

function given(changes: Partial<CedarTest>): CedarTest {
  return {
    name: '',
    principal: entity('Agent', FACTS.agent),
    action: entity('Action', 'FileWrite'),
    resource: entity('File', '/a'),
    context: { proc: PROC },
    entities: undefined,
    decision: 'deny',
    reason: [],
    errors: 0,
    ...changes,
  };
}

test('what a session could ask, it asks', () => {
  expect(embeddedRequest(given({}), FACTS)).toEqual({
    action: 'FileWrite',
    resource: { type: 'path', path: '/a' },
    program: { exe: '/bin/sh', uid: 1, ancestors: [] },
  });
  const exec = { proc: PROC, args: 'ls -l', argv: ['-l', 'ls'], argc: 2 };
  expect(embeddedRequest(given({ action: entity('Action', 'ProcessExec'), context: exec }), FACTS)).toMatchObject({
    argv: ['ls', '-l'],
  });
});

test('the MCP server of the program', () => {
  const asked = (via: unknown): unknown =>
    embeddedRequest(given({ context: { proc: { ...PROC, via } } as never }), FACTS);
  expect(asked('mcp:files')).toMatchObject({ program: { via: 'mcp:files' } });
  expect(asked('')).not.toHaveProperty('program.via');
  expect(asked(1)).toBeUndefined();
});

test('headers are the tags of the entity that the context names', () => {
  const context = {
    hostname: 'a.com',
    port: 1,
    protocol: 'tcp',
    method: 'GET',
    path: '/',
    query: 'a=b',
    scheme: 'http',
    proc: PROC,
    headers: { __entity: { type: 'Http::Headers', id: 'h' } },
  };
  const headers = { uid: { type: 'Http::Headers', id: 'h' }, attrs: {}, parents: [], tags: { accept: 'x' } };
  const http = { action: entity('Action', 'HttpRequest'), resource: entity('Host', 'a.com'), context };
  expect(embeddedRequest(given({ ...http, entities: [headers] }), FACTS)).toMatchObject({
    headers: new Map([['accept', 'x']]),
  });
});

test.each([
  ['another principal', { principal: entity('Agent', 'other') }],
  ['a user as principal', { principal: entity('User', FACTS.agent) }],
  ['a group as action', { action: entity('Action', 'FileOpen') }],
  ['a path that is not canonical', { resource: entity('File', '/a//b') }],
  ['a directory called a file', { resource: entity('File', '/a/') }],
  ['no program', { context: {} }],
  [
    'a count of arguments that is wrong',
    { action: entity('Action', 'ProcessExec'), context: { proc: PROC, args: 'a b', argv: ['a', 'b'], argc: 3 } },
  ],
  [
    'a host name that is not the resource',
    { action: entity('Action', 'NetConnect'), resource: entity('Host', 'a'), context: { hostname: 'b', port: 1 } },
  ],
] as const)('%s is no request of a session', (_, changes) => {
  expect(embeddedRequest(given(changes as Partial<CedarTest>), FACTS)).toBeUndefined();
});
