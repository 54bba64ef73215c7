// What a server sends: untouched, changed where it must be, held back, or answered in the client's place.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import type { Denial } from '../../../src/mcp/denial.ts';
import { isMereNotification, type ReceivedJudge, rewriteReceived } from '../../../src/mcp/received.ts';
import { call } from './read.ts';

const DENIAL: Denial = { reason: 'a policy forbids it', policies: ['p'], form: 'error' };

interface Seen {
  readonly asked: string[];
  readonly answered: (string | undefined)[];
  readonly replies: unknown[];
  readonly faults: string[];
}

function received(text: string, denied: string = '', hidden: string = ''): Seen & { text: string | undefined } {
  const seen: Seen = { asked: [], answered: [], replies: [], faults: [] };
  const judge: ReceivedJudge = {
    server: 'files',
    framing: { mayBeBatch: true },
    asks: ({ request }) => {
      seen.asked.push(request.method);
      return request.method === denied ? DENIAL : undefined;
    },
    keeps: (_, entry) => entry['name'] !== hidden,
    answers: ({ id }) => seen.answered.push(id),
    reply: (answer) => seen.replies.push(JSON.parse(answer)),
    unreadable: (_, fault) => {
      seen.faults.push(fault);
      return undefined;
    },
  };
  const bytes = Buffer.from(text);
  const rewritten = rewriteReceived(bytes, judge);
  return { ...seen, text: rewritten === bytes ? 'the same' : rewritten?.toString() };
}

const RESULT = '{"jsonrpc":"2.0","id":1,"result":{"content":[]}}';
const LIST = '{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"a"}, {"name":"b"}]}}';
const SAMPLING = call('sampling/createMessage', { maxTokens: 1 }, '"s"');

test('a response passes, and is told of', () => {
  expect(received(RESULT)).toMatchObject({ text: 'the same', answered: ['1'], asked: [] });
});

test('a list is filtered', () => {
  expect(received(LIST, '', 'a').text).toBe(LIST.replace('{"name":"a"}, ', ''));
  expect(received(LIST, '', 'c').text).toBe('the same');
});

test('a request of the server reaches the client, or is answered in its place', () => {
  expect(received(SAMPLING)).toMatchObject({ text: 'the same', asked: ['sampling/createMessage'], replies: [] });
  expect(received(SAMPLING, 'sampling/createMessage')).toMatchObject({
    text: undefined,
    replies: [
      {
        id: 's',
        error: { code: -33_403, message: 'Leash does not permit sampling/createMessage: a policy forbids it' },
      },
    ],
  });
});

test('a denied notification is held back, and nobody answers', () => {
  const text = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}';
  expect(received(text, 'notifications/message')).toMatchObject({ text: undefined, replies: [] });
});

const INPUT = `{"jsonrpc":"2.0","id":"\\u0069","result":{"resultType":"input_required","inputRequests":{"a":{"method":"roots/list"},"b":{"method":"elicitation/create","params":{"message":"x"}}}}}`;

test('a result that asks for a denied input becomes the error of its call', () => {
  const { text, asked } = received(INPUT, 'elicitation/create');
  expect(asked).toEqual(['roots/list', 'elicitation/create']);
  expect(text).toMatch(
    /^\{"jsonrpc":"2.0","id":"\\u0069","error":\{"code":-33403,"message":"Leash does not permit elicitation\/create: /,
  );
  expect(received(INPUT).text).toBe('the same');
});

test('a notification of a task that asks for a denied input is held back', () => {
  const text =
    '{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"t","inputRequests":{"a":{"method":"roots/list"}}}}';
  expect(received(text, 'roots/list')).toMatchObject({ text: undefined, asked: ['notifications/tasks', 'roots/list'] });
  expect(received(text).text).toBe('the same');
});

test('in a batch each entry has its own fate, and the others stay to the letter', () => {
  const batch = (...entries: string[]): string => `[ ${entries.join(' ,\n')} ]`;
  const outcome = received(batch(SAMPLING, LIST, RESULT, SAMPLING), 'sampling/createMessage', 'b');
  expect(outcome.text).toBe(batch(LIST.replace(', {"name":"b"}', ''), RESULT));
  expect(outcome.replies).toHaveLength(2);
  expect(received(batch(SAMPLING, SAMPLING), 'sampling/createMessage').text).toBeUndefined();
});

test.each([
  ['{"jsonrpc":"2.0","id":1,"result":{},"result":{"tools":[]}}', 'the key "result" stands twice in one object'],
  ['{"jsonrpc":"2.0","id":1,"Result":{}}', 'the key "Result" may be read as "result"'],
  ['{"jsonrpc":"2.0","id":1,"result":{"inputRequests":1}}', '"inputRequests" is not an object'],
  [call('tools/call', {}), '"name" is not a string'],
  [`[${RESULT},${call('tools/call', {})}]`, '"name" is not a string'],
  ['{"error":"unauthorized"}', '"jsonrpc" is not "2.0"'],
])('%s has no one meaning', (text, fault) => {
  expect(received(text)).toMatchObject({ text: undefined, faults: [fault] });
});

test.each([
  [true, '{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"a \\"word\\" and \\n"}}'],
  [true, 'log: {"method":"a","method":"b"}'],
  [false, '{"jsonrpc":"2.0","id":1,"method":"roots/list"}'],
  [false, '{"jsonrpc":"2.0","ID":1,"method":"roots/list"}'],
  [false, '{"jsonrpc":"2.0","\\u0069d":1,"method":"roots/list"}'],
  [false, '[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","id":1,"method":"roots/list"}]'],
  [false, '{"jsonrpc":"2.0","method":"notifications/tasks","params":{"InputReque\u017ft\u017f":{}}}'],
  [false, '{"jsonrpc":"2.0","method":"notifications/tasks","params":{"inputRequests":{}}}'],
  [false, '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}'],
  [false, '{\0"\0m\0e\0t\0h\0o\0d\0"\0 "method"'],
  [false, '{"result":{"tools":[]}}'],
])('it is %s that all of it is a notification: %j', (expected, text) => {
  expect(isMereNotification(Buffer.from(text))).toBe(expected);
});
