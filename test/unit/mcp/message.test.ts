// JSON-RPC messages: read to the letter, or refused with a reason.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { textAt } from '../../../src/json/places.ts';
import { type Fault, isFault, readMessages } from '../../../src/mcp/message.ts';
import { call, messages, notificationOf, requestOf, responseOf } from './read.ts';

function fault(text: string | Buffer, mayBeBatch: boolean = true): Fault {
  const reading = readMessages(Buffer.from(text as string), { mayBeBatch });
  if (!isFault(reading)) throw new Error('it was read');
  return reading;
}

test.each(['1', '1.0', '-7', '1e3', '1152921504606846977', '"abc"', '"a\\u0062"', '""', '"\\/"'])(
  'the id %s is kept to the letter',
  (id) => {
    expect(requestOf(`{"jsonrpc":"2.0", "id" : ${id} ,"method":"ping"}`).id).toBe(id);
    expect(responseOf(`{"id":${id},"result":{"id":5},"jsonrpc":"2.0"}`).id).toBe(id);
  },
);

test('escapes in keys and values are read', () => {
  const message = requestOf(
    '{"jsonrpc":"2\\u002e0","\\u0069d":1,"m\\u0065thod":"tools\\/call","params":{"n\\u0061me":"get\\u002denv"}}',
  );
  expect(message.method).toBe('tools/call');
  expect(message.params).toEqual({ name: 'get-env' });
  expect(message.id).toBe('1');
});

test('requests, notifications and responses are told apart', () => {
  expect(notificationOf('{"jsonrpc":"2.0","method":"notifications/initialized"}').params).toEqual({});
  expect(responseOf('{"jsonrpc":"2.0","id":1,"result":null}').result).toBeNull();
  expect(responseOf('{"jsonrpc":"2.0","id":"x","error":{"code":-1,"message":"no"}}').error).toEqual({
    code: -1,
    message: 'no',
  });
  expect(responseOf('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}').id).toBeUndefined();
  expect(responseOf('{"jsonrpc":"2.0","error":{"code":-32700,"message":"no"}}').id).toBeUndefined();
});

test('entries of a batch know where they stand', () => {
  const text = ` [ ${call('ping')} ,\n{"jsonrpc":"2.0","method":"notifications/initialized"}, {"jsonrpc":"2.0","id":2,"result":{}}] `;
  const { entries, isBatch } = messages(text);
  expect(isBatch).toBe(true);
  expect(entries.map(({ kind }) => kind)).toEqual(['request', 'notification', 'response']);
  expect(textAt(text, entries[0]?.place ?? { start: 0, end: 0 })).toBe(call('ping'));
});

const NAMED = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{}}}';

test.each([
  // The six bypasses of the reference that are forms of a message; padding is read like anything else, see recognise.test.ts.
  ['a batch where there are none', `[${NAMED}]`, 'it is a batch, which this revision of MCP does not have'],
  [
    'Method and Name in capitals',
    NAMED.replace('method', 'Method').replace('name', 'Name'),
    'the key "Method" may be read as "method"',
  ],
  [
    'a method in capitals',
    NAMED.replace('tools/call', 'Tools/Call'),
    'the method "Tools/Call" may be read as "tools/call"',
  ],
  [
    'a method with blanks',
    NAMED.replace('tools/call', ' tools/call '),
    'the method " tools/call " may be read as "tools/call"',
  ],
  [
    'Name',
    NAMED.replace('"name":"echo"', '"name":"echo","Name":"get-env"'),
    'the parameter "Name" may be read as "name"',
  ],
  ['trailing data', `${NAMED}{}`, 'it is not JSON'],
  ['no jsonrpc', NAMED.replace('"jsonrpc":"2.0",', ''), '"jsonrpc" is not "2.0"'],
  // Others.
  ['jsonrpc 1.0', NAMED.replace('"2.0"', '"1.0"'), '"jsonrpc" is not "2.0"'],
  ['jsonrpc as number', NAMED.replace('"2.0"', '2.0'), '"jsonrpc" is not "2.0"'],
  ['jsonrpc with a space', NAMED.replace('"2.0"', '"2.0 "'), '"jsonrpc" is not "2.0"'],
  ['JSONRPC', NAMED.replace('jsonrpc', 'JSONRPC'), 'the key "JSONRPC" may be read as "jsonrpc"'],
  ['two methods', NAMED.replace('"id":7', '"id":7,"METHOD":"ping"'), 'the key "METHOD" may be read as "method"'],
  ['long s', NAMED.replace('params', 'param\u017f'), 'the key "param?" may be read as "params"'],
  [
    'Kelvin sign',
    NAMED.replace('"name"', '"tas\u212aId":"1","name"'),
    'the parameter "tas?Id" may be read as "taskId"',
  ],
  ['Params', NAMED.replace('params', 'Params'), 'the key "Params" may be read as "params"'],
  ['ID', NAMED.replace('"id"', '"Id"'), 'the key "Id" may be read as "id"'],
  ['Arguments', NAMED.replace('arguments', 'Arguments'), 'the parameter "Arguments" may be read as "arguments"'],
  ['URI', call('resources/read', { uri: 'a', URI: 'b' }), 'the parameter "URI" may be read as "uri"'],
  ['the key twice', NAMED.replace('"id":7', '"id":7,"method":"ping"'), 'the key "method" stands twice in one object'],
  [
    'the key twice, escaped',
    NAMED.replace('"id":7', '"id":7,"m\\u0065thod":"ping"'),
    'the key "method" stands twice in one object',
  ],
  ['the name twice', NAMED.replace('"name"', '"name":"get-env","name"'), 'the key "name" stands twice in one object'],
  [
    'params twice',
    NAMED.replace('"params"', '"params":{"name":"get-env"},"params"'),
    'the key "params" stands twice in one object',
  ],
  [
    '__proto__',
    call('tools/call').replace('}', ',"params":{"__proto__":{"name":"get-env"}}}'),
    'the key "__proto__" stands in an object',
  ],
  [
    '__proto__, escaped',
    NAMED.replace('"name"', '"\\u005f_proto__":{},"name"'),
    'the key "__proto__" stands in an object',
  ],
  ['byte order mark', `\uFEFF${NAMED}`, 'it begins with a byte order mark'],
  ['UTF-16', Buffer.from(NAMED, 'utf16le'), 'it is not JSON'],
  ['UTF-16 with mark', Buffer.from(`\uFEFF${NAMED}`, 'utf16le'), 'it is not UTF-8'],
  ['NUL behind', `${NAMED}\0`, 'it is not JSON'],
  ['NUL within', NAMED.replace('echo', 'echo\0'), 'it is not JSON'],
  [
    'overlong slash',
    Buffer.concat([
      Buffer.from('{"jsonrpc":"2.0","id":7,"method":"tools'),
      Buffer.from([0xc0, 0xaf]),
      Buffer.from('call"}'),
    ]),
    'it is not UTF-8',
  ],
  ['NUL in the method', NAMED.replace('tools/call', 'tools/call\\u0000'), '"method" is no plain name'],
  ['new line in the method', NAMED.replace('tools/call', 'tools/call\\n'), '"method" is no plain name'],
  ['half a surrogate pair', NAMED.replace('tools/call', 'tools/call\\ud800'), '"method" is no plain name'],
  ['empty method', NAMED.replace('tools/call', ''), '"method" is no plain name'],
  ['long method', NAMED.replace('tools/call', 'x'.repeat(300)), '"method" is no plain name'],
  ['method as list', NAMED.replace('"tools/call"', '["tools/call"]'), '"method" is not a string'],
  ['id null', NAMED.replace('7', 'null'), '"id" is not a string or number of at most 1024 characters'],
  ['id object', NAMED.replace('7', '{}'), '"id" is not a string or number of at most 1024 characters'],
  ['id list', NAMED.replace('7', '[7]'), '"id" is not a string or number of at most 1024 characters'],
  ['id true', NAMED.replace('7', 'true'), '"id" is not a string or number of at most 1024 characters'],
  [
    'id of 2 KiB',
    NAMED.replace('7', `"${'7'.repeat(2_048)}"`),
    '"id" is not a string or number of at most 1024 characters',
  ],
  ['id with zeros before', NAMED.replace('7', '07'), 'it is not JSON'],
  ['method and result', NAMED.replace('"id":7', '"id":7,"result":{}'), 'it is a request and a response at once'],
  ['method and error', NAMED.replace('"id":7', '"id":7,"error":null'), 'it is a request and a response at once'],
  ['params as list', '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":["echo"]}', '"params" is not an object'],
  ['params as text', '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"{}"}', '"params" is not an object'],
  ['result and error', '{"jsonrpc":"2.0","id":7,"result":{},"error":{}}', 'it has a result and an error'],
  ['result without id', '{"jsonrpc":"2.0","result":{}}', 'it has a result and no "id"'],
  [
    'result with id null',
    '{"jsonrpc":"2.0","id":null,"result":{}}',
    '"id" is not a string or number of at most 1024 characters',
  ],
  ['result with params', '{"jsonrpc":"2.0","id":7,"result":{},"params":{}}', 'it has "params" and no "method"'],
  ['error as text', '{"jsonrpc":"2.0","id":7,"error":"no"}', '"error" is not an object'],
  ['nothing', '{"jsonrpc":"2.0","id":7}', 'it has neither "method" nor "result" nor "error"'],
  ['a text', '"tools/call"', 'it is not an object'],
  ['null', 'null', 'it is not an object'],
  ['two lines', `${NAMED}\n${NAMED}`, 'it is not JSON'],
  ['comma behind', NAMED.replace(/\}$/, ',}'), 'it is not JSON'],
  ['comment', NAMED.replace('7', '/**/7'), 'it is not JSON'],
  ['NaN', NAMED.replace('7', 'NaN'), 'it is not JSON'],
  ['single quotes', NAMED.replaceAll('"', "'"), 'it is not JSON'],
  ['line separator as space', `\u2028${NAMED}`, 'it is not JSON'],
  ['vertical tab as space', `\v${NAMED}`, 'it is not JSON'],
  ['deep', NAMED.replace('{}', `${'['.repeat(70)}${']'.repeat(70)}`), 'it is nested deeper than 64 levels'],
  ['cut off', NAMED.slice(0, -1), 'it is not JSON'],
  ['empty', '', 'it is not JSON'],
])('%s is refused', (_, text, reason) => {
  expect(fault(text, false).fault).toBe(reason);
});

test.each([
  ['empty', '[]', 'it is an empty batch'],
  ['long', `[${Array.from({ length: 65 }, () => NAMED).join(',')}]`, 'it is a batch of more than 64 messages'],
  ['with a batch', `[${NAMED},[${NAMED}]]`, 'entry 2 of the batch: it is not an object'],
  ['with a bad entry', `[${NAMED},{"jsonrpc":"2.0","ID":1}]`, 'entry 2 of the batch: the key "ID" may be read as "id"'],
])('a batch that is %s is refused', (_, text, reason) => {
  expect(fault(text)).toEqual({ fault: reason, code: -32_600 });
});

test('a fault has the id of the request where it is certain, and the code of JSON-RPC', () => {
  expect(fault(NAMED.replace('"params"', '"x":0,"result"'))).toMatchObject({ id: '7', code: -32_600 });
  expect(fault(NAMED.replace('"2.0"', '2'))).toMatchObject({ id: '7', code: -32_600 });
  expect(fault(NAMED.replace('name', 'Name'))).toMatchObject({ id: '7', code: -32_602 });
  expect(fault(NAMED.replace('"id"', '"Id"'))).not.toHaveProperty('id');
  // The answer to an answer would go astray.
  expect(fault('{"id":7,"result":{}}')).toEqual({ fault: '"jsonrpc" is not "2.0"', code: -32_600 });
  expect(fault(`${NAMED} x`)).toEqual({ fault: 'it is not JSON', code: -32_700 });
});

test('in a line of stdio no carriage return may stand: Python would take it for the end of one', () => {
  const text = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":\r${NAMED}\r}}`;
  expect(requestOf(text).method).toBe('ping');
  expect(readMessages(Buffer.from(text), { mayBeBatch: false, isLine: true })).toEqual({
    fault: 'the end of a line stands within the message',
    code: -32_700,
  });
});
