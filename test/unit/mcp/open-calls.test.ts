// Open calls: answers, cancellations and progress find theirs by the value of the id, and the number is bounded.
import { expect, test } from 'vitest';
import type { RequestMessage } from '../../../src/mcp/message.ts';
import { cancelledKey, idKey, OpenCalls, progressTokenOf } from '../../../src/mcp/open-calls.ts';
import { call, notificationOf, requestOf, responseOf } from './read.ts';

const KNOWN = { server: 'files', size: 100, started: 5 };
const result = (id: string): ReturnType<typeof responseOf> => responseOf(`{"jsonrpc":"2.0","id":${id},"result":{}}`);
const cancel = (id: string): ReturnType<typeof notificationOf> =>
  notificationOf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`);
const progress = (token: string): ReturnType<typeof notificationOf> =>
  notificationOf(
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":1}}`,
  );

function opened(...ids: string[]): OpenCalls {
  const calls = new OpenCalls(4);
  for (const id of ids)
    expect(
      calls.open(requestOf(call('tools/call', { name: 'echo', _meta: { progressToken: `t${id}` } }, id)), KNOWN),
    ).toBeUndefined();
  return calls;
}

test('an answer finds its call, once', () => {
  const calls = opened('1', '"1"');
  expect(calls.answered(result('1'))).toEqual({ id: '1', method: 'tools/call', tool: 'echo', ...KNOWN });
  expect(calls.answered(result('1'))).toBeUndefined();
  expect(calls.answered(result('"1"'))?.id).toBe('"1"');
  expect(calls.size).toBe(0);
});

test.each([
  ['1.0', '1'],
  ['1e2', '100'],
  ['"a\\u0062"', '"ab"'],
  ['"\\/"', '"/"'],
  ['9007199254740993', '9007199254740993'],
])('the id %s may come back as %s', (sent, given) => {
  expect(opened(sent).answered(result(given))?.id).toBe(sent);
});

test.each([
  ['1', '"1"'],
  ['9007199254740993', '9007199254740992'],
  ['1', '1.5'],
])('the id %s is not %s', (sent, given) => {
  expect(opened(sent).answered(result(given))).toBeUndefined();
});

test('an error without id is nobody’s', () => {
  expect(opened('1').answered(responseOf('{"jsonrpc":"2.0","id":null,"error":{}}'))).toBeUndefined();
});

test('two open calls have no id in common, in whatever spelling', () => {
  expect(opened('1').open(requestOf(call('ping', {}, '1.0')), KNOWN)).toBe(
    'its id is that of a call which is not answered yet',
  );
});

test('there are no more than the limit', () => {
  const calls = opened('1', '2', '3', '4');
  expect(calls.open(requestOf(call('ping', {}, '5')), KNOWN)).toBe('4 calls wait for their answers already');
  calls.answered(result('2'));
  expect(calls.open(requestOf(call('ping', {}, '5')), KNOWN)).toBeUndefined();
});

test('a cancelled call is open no more', () => {
  const calls = opened('1', '2');
  expect(calls.cancelled(cancel('1.0'))?.id).toBe('1');
  expect(calls.answered(result('1'))).toBeUndefined();
  expect(calls.cancelled(cancel('7'))).toBeUndefined();
  expect(calls.cancelled(cancel('{}'))).toBeUndefined();
  expect(calls.size).toBe(1);
});

test('progress finds its call by the token, as long as it is open', () => {
  const calls = opened('1', '2');
  expect(calls.progressed(progress('"t2"'))?.id).toBe('2');
  expect(calls.progressed(progress('"\\u00742"'))?.id).toBe('2');
  calls.answered(result('2'));
  expect(calls.progressed(progress('"t2"'))).toBeUndefined();
  expect(calls.progressed(progress('2'))).toBeUndefined();
});

test('a token may be used again when its call is closed, and one of 2 KiB is not remembered', () => {
  const calls = new OpenCalls();
  const open = (id: string, progressToken: unknown): unknown =>
    calls.open(requestOf(call('tools/call', { name: 'a', _meta: { progressToken } }, id)), KNOWN);
  open('1', 't');
  calls.answered(result('1'));
  open('2', 't');
  expect(calls.progressed(progress('"t"'))?.id).toBe('2');
  const long = 'x'.repeat(2_048);
  open('3', long);
  expect(calls.progressed(progress(`"${long}"`))).toBeUndefined();
});

test('a token that is in use stays with its first call', () => {
  const calls = new OpenCalls();
  for (const id of ['1', '2'])
    calls.open(requestOf(call('tools/call', { name: 'a', _meta: { progressToken: 9 } }, id)), KNOWN);
  calls.answered(result('2'));
  expect(calls.progressed(progress('9'))?.id).toBe('1');
});

test('at the end what is left is told, and nothing is open', () => {
  const calls = opened('1', '2');
  expect(calls.closeAll().map(({ id }) => id)).toEqual(['1', '2']);
  expect(calls.size).toBe(0);
  expect(calls.progressed(progress('"t1"'))).toBeUndefined();
});

test('several are opened together or not at all, and none with the id of one that is to be opened later', () => {
  const ask = (...ids: string[]): RequestMessage[] => ids.map((id) => requestOf(call('ping', {}, id)));
  const calls = new OpenCalls(3);
  calls.open(ask('1')[0] as RequestMessage, KNOWN);
  expect(calls.objection(ask('2', '3'))).toBeUndefined();
  expect(calls.objection(ask('2', '2.0'))).toContain('not answered yet');
  expect(calls.objection(ask('2', '1e0'))).toContain('not answered yet');
  expect(calls.objection(ask('2'), new Set([idKey('2.0')]))).toContain('not answered yet');
  expect(calls.objection(ask('2'), new Set(['3']))).toBeUndefined();
  expect(calls.objection(ask('2', '4'), new Set(['3']))).toBe('3 calls wait for their answers already');
});

test('a token and the id of a cancelled call are known to the letter and by value', () => {
  const asking = (_meta: unknown): string | undefined => progressTokenOf(requestOf(call('ping', { _meta })));
  expect([asking({ progressToken: 'a"' }), asking({ progressToken: 1.5 })]).toEqual(['"a\\""', '1.5']);
  expect([asking({}), asking(7), asking({ progressToken: {} })]).toEqual([undefined, undefined, undefined]);
  const cancelled = (requestId: string): string | undefined =>
    cancelledKey(
      notificationOf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${requestId}}}`),
    );
  expect([cancelled('1.0'), cancelled('"1"'), cancelled('null')]).toEqual([idKey('1'), idKey('"1"'), undefined]);
});
