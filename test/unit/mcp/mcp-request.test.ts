// What policy is asked about each message: tool or server, method, arguments.
import { expect, test } from 'vitest';
import { askedOf, inputsAsked } from '../../../src/mcp/mcp-request.ts';
import { call, notificationOf, requestOf, responseOf } from './read.ts';

function asked(method: string, params?: object): unknown {
  const outcome = askedOf(requestOf(call(method, params)), 'files');
  if ('fault' in outcome) return outcome;
  const { resource, args } = outcome.request;
  return { resource, args: Object.fromEntries(args) };
}

const SERVER = { type: 'server', name: 'files' };

test('a call is about the tool in its server, with its arguments', () => {
  const params = {
    name: 'write',
    arguments: { path: '/a', opts: { force: true } },
    _meta: { progressToken: 1 },
    task: { ttl: 1 },
  };
  expect(asked('tools/call', params)).toEqual({
    resource: { type: 'tool', name: 'write', server: 'files' },
    args: { path: '/a', 'opts/force': 'true' },
  });
  expect(asked('tools/call', { name: 'ls' })).toEqual({
    resource: { type: 'tool', name: 'ls', server: 'files' },
    args: {},
  });
});

test.each([
  ['tools/list', undefined, {}],
  ['ping', {}, {}],
  ['tools/list', { cursor: 'c', _meta: { a: 1 } }, { cursor: 'c' }],
  ['resources/read', { uri: 'file:///a', _meta: {} }, { uri: 'file:///a' }],
  ['resources/subscribe', { uri: 'file:///a' }, { uri: 'file:///a' }],
  ['prompts/get', { name: 'review', arguments: { code: 'x' } }, { name: 'review', 'arguments/code': 'x' }],
  [
    'completion/complete',
    {
      ref: { type: 'ref/prompt', name: 'review' },
      argument: { name: 'language', value: 'py' },
      context: { arguments: { a: 'b' } },
    },
    {
      'ref/type': 'ref/prompt',
      'ref/name': 'review',
      'argument/name': 'language',
      'argument/value': 'py',
      'context/arguments/a': 'b',
    },
  ],
  [
    'subscriptions/listen',
    { notifications: { toolsListChanged: true, resourceSubscriptions: ['file:///a'] } },
    { 'notifications/toolsListChanged': 'true', 'notifications/resourceSubscriptions/0': 'file:///a' },
  ],
  ['elicitation/create', { mode: 'url', url: 'https://e.example/' }, { mode: 'url', url: 'https://e.example/' }],
  ['prompts/get', { name: 'p', inputResponses: { a: { action: 'accept' } }, requestState: 's' }, { name: 'p' }],
  ['vendor/thing', { a: [1] }, { 'a/0': '1' }],
])('%s is about the server', (method, params, args) => {
  expect(asked(method, params)).toEqual({ resource: SERVER, args });
});

test.each([
  ['tools/call', undefined, '"name" is not a string'],
  ['tools/call', { name: 1 }, '"name" is not a string'],
  ['tools/call', { name: '' }, '"name" is empty, or holds what is no text'],
  ['tools/call', { name: 'x'.repeat(1_025) }, '"name" is longer than 1024 characters'],
  ['tools/call', { name: 'get-env\0x' }, '"name" is empty, or holds what is no text'],
  ['tools/call', { name: 'a\ud800' }, '"name" is empty, or holds what is no text'],
  ['tools/call', { name: 'a', arguments: ['x'] }, '"arguments" is not an object'],
  ['tools/call', { name: 'a', arguments: null }, '"arguments" is not an object'],
  ['tools/call', { name: 'a', arguments: '{}' }, '"arguments" is not an object'],
  ['prompts/get', { arguments: {} }, '"name" is not a string'],
  ['resources/read', { uri: ['file:///a'] }, '"uri" is not a string'],
])('%s with %j cannot be judged', (method, params, fault) => {
  expect(asked(method, params)).toEqual({ fault, code: -32_602, id: '1' });
});

test('names are kept as they are: case and spaces count', () => {
  expect(asked('tools/call', { name: 'Get-Env ' })).toMatchObject({ resource: { name: 'Get-Env ' } });
});

test('a notification is judged like a request; its fault has no id', () => {
  const text = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"x"}}';
  expect(askedOf(notificationOf(text), 'files')).toMatchObject({ request: { method: 'notifications/cancelled' } });
  expect(askedOf(notificationOf('{"jsonrpc":"2.0","method":"tools/call"}'), 'files')).not.toHaveProperty('id');
});

test('the text of a number counts, not what a double makes of it', () => {
  const text =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"n":9007199254740993}}}';
  const outcome = askedOf(requestOf(text), 'files');
  expect(outcome).toMatchObject({ doubt: expect.stringMatching(/^the number/) as string });
  expect('request' in outcome && outcome.request.args.get('n')).toBe('9007199254740993');
});

const inputs = (value: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, result: { resultType: 'input_required', ...value } });

function inputsOf(value: object): unknown {
  const outcome = inputsAsked(responseOf(inputs(value)), 'files');
  return 'fault' in outcome
    ? outcome.fault
    : outcome.map(({ request }) => [request.method, Object.fromEntries(request.args)]);
}

test('inputs that a result asks for are requests of the server', () => {
  expect(
    inputsOf({
      inputRequests: {
        login: { method: 'elicitation/create', params: { mode: 'form', message: 'who?' } },
        roots: { method: 'roots/list' },
      },
      requestState: 's',
    }),
  ).toEqual([
    ['elicitation/create', { mode: 'form', message: 'who?' }],
    ['roots/list', {}],
  ]);
  expect(inputsOf({ requestState: 's' })).toEqual([]);
  expect(inputsAsked(responseOf('{"jsonrpc":"2.0","id":1,"result":[]}'), 'files')).toEqual([]);
});

test('so are those of a task in a notification', () => {
  const params = {
    taskId: 't',
    status: 'input_required',
    inputRequests: { a: { method: 'sampling/createMessage', params: { maxTokens: 1 } } },
  };
  const text = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tasks', params });
  expect(inputsAsked(notificationOf(text), 'files')).toMatchObject([{ request: { method: 'sampling/createMessage' } }]);
});

test.each([
  [{ inputRequests: [] }, '"inputRequests" is not an object'],
  [{ InputRequests: {} }, 'the key "InputRequests" may be read as "inputRequests"'],
  [{ inputRequests: { a: 1 } }, 'an entry of "inputRequests" is no request'],
  [{ inputRequests: { a: { Method: 'roots/list' } } }, 'an entry of "inputRequests" is no request'],
  [{ inputRequests: { a: { method: 'roots/list', Params: {} } } }, 'an entry of "inputRequests" is no request'],
  [{ inputRequests: { a: { method: 'roots/list', params: [] } } }, 'an entry of "inputRequests" is no request'],
  [
    { inputRequests: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`i${i}`, { method: 'roots/list' }])) },
    'it asks for more than 64 inputs',
  ],
])('inputs in another form are a fault', (value, fault) => {
  expect(inputsOf(value)).toBe(fault);
});
