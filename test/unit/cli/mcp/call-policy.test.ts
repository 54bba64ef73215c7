// Statements for a call are loaded as policies: they decide the very call, and no other server, tool or argument.
import { expect, test } from 'vitest';
import { callPolicy } from '../../../../src/cli/mcp/call-policy.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import type { Event } from '../../../../src/schema/event.ts';
import type { McpRequest } from '../../../../src/schema/request.ts';
import { HOSTILE, sampleCall, sampleMessage } from './sample-call.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/home/u', tmp: '/tmp' };

/** Those of its statements that have these ids. */
async function deciding(event: Event, ids: readonly string[]): Promise<(request: McpRequest) => string> {
  const statements = callPolicy(event)
    .split(/^(?=@id)/m)
    .filter((text) => ids.some((id) => text.includes(`@id("${id}")`)));
  expect(statements).toHaveLength(ids.length);
  const set = await loadPolicies({ name: 'p.cedar', text: statements.join('\n') }, FACTS);
  return (request) => set.decide(request).effect;
}

const request = (server: string, name: string, args: Readonly<Record<string, string>> = {}): McpRequest => ({
  action: 'McpCall',
  resource: { type: 'tool', name, server },
  method: 'tools/call',
  args: new Map(Object.entries(args)),
});

test('all of it is one sound policy, in which the forbid wins', async () => {
  const event = sampleCall({}, { args: ['path=/w/a'] });
  const set = await loadPolicies({ name: 'p.cedar', text: callPolicy(event) }, FACTS);
  expect(set.decide(request('files', 'read', { path: '/w/a' }))).toMatchObject({
    effect: 'deny',
    policies: ['forbid-c1', 'forbid-c1-arguments'],
  });
});

test('a permit of the tool permits that tool of that server, whatever its arguments', async () => {
  const decide = await deciding(sampleCall({}, { args: ['path=/w/a'] }), ['allow-c1']);
  expect(decide(request('files', 'read', { path: '/etc' }))).toBe('allow');
  expect(decide(request('files', 'read'))).toBe('allow');
  expect(decide(request('other', 'read'))).toBe('deny');
  expect(decide(request('files', 'write'))).toBe('deny');
});

test('a permit with arguments permits no other value, and none that is missing', async () => {
  const decide = await deciding(sampleCall({}, { args: ['path=/w/a', '"a=b"=c*'] }), ['allow-c1-arguments']);
  expect(decide(request('files', 'read', { path: '/w/a', 'a=b': 'c*' }))).toBe('allow');
  expect(decide(request('files', 'read', { path: '/w/a', 'a=b': 'cd' }))).toBe('deny');
  expect(decide(request('files', 'read', { path: '/w/b', 'a=b': 'c*' }))).toBe('deny');
  expect(decide(request('files', 'read', { path: '/w/a' }))).toBe('deny');
});

test('of another method the server and the method are named', async () => {
  const event = sampleMessage('resources/read');
  const decide = await deciding(event, ['allow-c1']);
  const read: McpRequest = {
    action: 'McpCall',
    resource: { type: 'server', name: 'files' },
    method: 'resources/read',
    args: new Map(),
  };
  expect(decide(read)).toBe('allow');
  expect(decide({ ...read, method: 'resources/list' })).toBe('deny');
  expect(decide({ ...read, resource: { type: 'server', name: 'other' } })).toBe('deny');
});

test('hostile names and values stand in literals, and name what they name', async () => {
  const event = sampleCall({ resource: { type: 'tool', name: HOSTILE, server: HOSTILE } }, { args: [`a=${HOSTILE}`] });
  expect(callPolicy(event).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  const decide = await deciding(event, ['allow-c1-arguments']);
  expect(decide(request(HOSTILE, HOSTILE, { a: HOSTILE }))).toBe('allow');
  expect(decide(request('files', HOSTILE, { a: HOSTILE }))).toBe('deny');
});

test('values that the journal does not have are said to be missing, and a call without arguments has one pair', () => {
  const facts = { args: ['path=/w/a', 'text: 500 characters', 'token=[MY_TOKEN]'], args_more: 2 };
  const text = callPolicy(sampleCall({}, facts));
  expect(text).toContain('the journal does not have the values of 4 more');
  expect(text).not.toContain('MY_TOKEN');
  expect(callPolicy(sampleCall()).match(/@id/g)).toHaveLength(2);
  expect(callPolicy(sampleCall({}, { args: ['text: 500 characters'] })).match(/@id/g)).toHaveLength(2);
});

test('a call that no literal can name has no statement', () => {
  for (const name of ['half \ud800', 'x'.repeat(2_000)])
    expect(() => callPolicy(sampleCall({ resource: { type: 'tool', name, server: 'files' } }))).toThrow(
      expect.objectContaining({ code: 'LEASH_CALL_UNKNOWN' }),
    );
});
