import { expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { worldOf } from '../../../../src/policy/evaluate/world.ts';
import { expressionText } from '../../../../src/policy/explain/expression-text.ts';
import { type Trace, tracePolicy } from '../../../../src/policy/explain/trace.ts';
import { FACTS } from '../judge.ts';

const WORLD = worldOf(
  { action: 'FileWrite', resource: { type: 'path', path: '/w/a.c' }, program: { exe: '/bin/sh', uid: 7 } },
  FACTS,
);

function trace(statement: string): Trace {
  return tracePolicy(readPolicy({ id: 'p', shadow: false, json: statementToJson(statement) }), WORLD);
}

test.each([
  ['permit(principal, action, resource);', 'satisfied', undefined, 3],
  [
    'permit(principal, action == Action::"FileCreate", resource);',
    'not satisfied',
    ['action', 'action == Action::"FileCreate"'],
    0,
  ],
  [
    'permit(principal == Agent::"codex", action, resource);',
    'not satisfied',
    ['principal', 'principal == Agent::"codex"'],
    1,
  ],
  ['permit(principal, action, resource is Dir);', 'not satisfied', ['resource', 'resource is Dir'], 2],
  [
    'permit(principal, action, resource) when { true } when { resource.ext == "c" && (resource.name == "b" && true) };',
    'not satisfied',
    ['when', 'resource.name == "b"'],
    4,
  ],
  [
    'permit(principal, action, resource) unless { resource.ext == "h" || context.proc.uid == 7 };',
    'not satisfied',
    ['unless', 'context.proc.uid == 7'],
    3,
  ],
  [
    'permit(principal, action, resource) when { resource.ext == "c" && context.nothing == 1 };',
    'error',
    ['when', 'context.nothing'],
    3,
  ],
  [
    'permit(principal, action, resource) when { resource.ext == "h" && context.nothing };',
    'not satisfied',
    ['when', 'resource.ext == "h"'],
    3,
  ],
  [
    'permit(principal, action, resource) when { if resource is Dir then true else resource.x };',
    'error',
    ['when', 'resource.x'],
    3,
  ],
  ['permit(principal, action, resource) when { resource.name };', 'error', ['when', 'resource.name'], 3],
] as const)('%s', (statement, outcome, failure, held) => {
  const { failure: found, ...rest } = trace(statement);
  expect(rest).toMatchObject({ outcome, held });
  expect(found && [found.part, expressionText(found.expression)]).toEqual(failure);
});

test('a failure tells each value that was asked for, once', () => {
  const { failure } = trace(
    'permit(principal, action, resource) when { resource.name like "b*" || resource.name == resource.ext || context.proc.uid > 9 };',
  );
  expect(
    failure?.facts.map(({ expression, value }) => [
      expressionText(expression),
      value && 'value' in value && value.value,
    ]),
  ).toEqual([
    ['resource.name', 'a.c'],
    ['resource.ext', 'c'],
    ['context.proc.uid', 7n],
  ]);
});
