// What is said about every call, of calls of tools and of other messages.
import { expect, test } from 'vitest';
import { factOf, isDenied, serverOf, toolOf } from '../../../../src/cli/mcp/call.ts';
import { sampleCall, sampleMessage } from './sample-call.ts';

test('a call of a tool is about the tool of its server, any other about the server', () => {
  expect([serverOf(sampleCall()), toolOf(sampleCall())]).toEqual(['files', 'read']);
  const other = sampleMessage('tools/list');
  expect([serverOf(other), toolOf(other), factOf(other, 'method')]).toEqual(['files', undefined, 'tools/list']);
});

test('facts are text, and none where there is none', () => {
  const call = sampleCall({}, { args: ['a=1', 'b=2'], judged: false });
  expect(['args', 'judged', 'length', 'host'].map((name) => factOf(call, name))).toEqual([
    'a=1, b=2',
    'false',
    '90',
    undefined,
  ]);
});

test('what a shadow policy denies counts as denied', () => {
  expect([{}, { effect: 'deny' }, { shadow: 'deny' }].map((of) => isDenied(sampleCall(of as object)))).toEqual([
    false,
    true,
    true,
  ]);
});
