// Denials are JSON-RPC responses with the id to the letter; batches are answered entry by entry.
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/json/strict-json.ts';
import { type Denial, denialText, faultText, mismatchText, sentOn } from '../../../src/mcp/denial.ts';
import type { Message } from '../../../src/mcp/message.ts';
import { call, messages, requestOf } from './read.ts';

const DENIAL: Denial = { reason: 'a policy forbids it', policies: ['no-env'], form: 'error' };
const CALL = { name: 'get-env', arguments: {} };

test.each(['5', '5.0', '1152921504606846977', '"a\\u0062"'])('the id %s is given back to the letter', (id) => {
  const text = denialText(requestOf(call('tools/call', CALL, id)), DENIAL);
  expect(text.startsWith(`{"jsonrpc":"2.0","id":${id},"error":{`)).toBe(true);
});

test('an error has reason and policies, and a code of no one else', () => {
  const { error } = JSON.parse(denialText(requestOf(call('tools/call', CALL)), DENIAL)) as { error: JsonObject };
  expect(error).toEqual({
    code: -33_403,
    message: 'Leash does not permit tools/call "get-env": a policy forbids it',
    data: { reason: 'policy_denied', policies: ['no-env'] },
  });
});

test('as a result, the model reads it', () => {
  const text = denialText(requestOf(call('tools/call', CALL)), { ...DENIAL, form: 'result' });
  expect(JSON.parse(text)).toEqual({
    jsonrpc: '2.0',
    id: 1,
    result: {
      resultType: 'complete',
      content: [{ type: 'text', text: 'Leash does not permit tools/call "get-env": a policy forbids it (no-env)' }],
      isError: true,
    },
  });
  expect(denialText(requestOf(call('resources/read', { uri: 'a:b' })), { ...DENIAL, form: 'result' })).toContain(
    '"error"',
  );
});

test('what the agent chose is short and printable in it', () => {
  const text = denialText(requestOf(call('tools/call', { name: `\u001b[2J${'x'.repeat(500)}` })), DENIAL);
  expect(text).toMatch(/tools\/call \\"\?\[2Jx{56}\\":/);
  expect(denialText(requestOf(call(`\u202e${'x'.repeat(200)}`, {})), DENIAL)).not.toMatch(/\u202e|x{80}/);
});

test('faults and mismatches', () => {
  expect(JSON.parse(faultText({ fault: 'it is not JSON', code: -32_700 }))).toMatchObject({
    jsonrpc: '2.0',
    error: { code: -32_700, message: expect.stringMatching(/: it is not JSON$/) as string },
  });
  expect(faultText({ fault: 'x', code: -32_600, id: '"7"' })).toContain('"id":"7"');
  expect(
    JSON.parse(mismatchText(requestOf(call('tools/call', CALL)), 'the header "mcp-name" names another than the body')),
  ).toEqual({
    jsonrpc: '2.0',
    id: 1,
    error: { code: -32_020, message: 'Header mismatch: the header "mcp-name" names another than the body' },
  });
  expect(mismatchText(undefined, 'x')).not.toContain('"id"');
});

function sent(text: string, ...denied: number[]): unknown {
  const all = messages(text);
  const denials = new Map<Message, Denial>(denied.map((index) => [all.entries[index] as Message, DENIAL]));
  const outcome = sentOn(all, denials);
  return outcome.passes ? 'passes' : outcome.answer === undefined ? 'nothing' : JSON.parse(outcome.answer);
}

const NOTIFICATION = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}';

test('one message passes, or is answered if it asked', () => {
  expect(sent(call('tools/call', CALL))).toBe('passes');
  expect(sent(call('tools/call', CALL), 0)).toMatchObject({ id: 1, error: { code: -33_403 } });
  expect(sent(NOTIFICATION, 0)).toBe('nothing');
});

test('a batch passes whole, or each of its requests is answered', () => {
  const batch = `[${call('ping', {}, '"a"')},${NOTIFICATION},${call('tools/call', CALL, '2')},{"jsonrpc":"2.0","id":9,"result":{}}]`;
  expect(sent(batch)).toBe('passes');
  expect(sent(batch, 2)).toMatchObject([
    { id: 'a', error: { message: expect.stringContaining('another message of the same batch') as string } },
    { id: 2, error: { message: expect.stringContaining('a policy forbids it') as string } },
  ]);
  expect(sent(`[${NOTIFICATION}]`, 0)).toBe('nothing');
});
