import { expect, test } from 'vitest';
import type { Event } from '../../../../../src/schema/event.ts';
import { ToolUse } from '../../../../../ui/src/screens/mcp/tools.ts';
import { sampleEvent } from '../../../journal/sample-session.ts';

function used(...events: readonly Partial<Event>[]): ToolUse {
  const made = new ToolUse();
  for (const [seq, event] of events.entries()) made.add({ seq, event: sampleEvent({ effect: 'allow', ...event }) });
  return made;
}

test('what models were offered and called is told by model', () => {
  const ask = {
    action: 'HttpRequest',
    resource: { type: 'host', name: 'api.example' },
    detail: {
      model_provider: 'anthropic',
      model: 'm',
      model_tools: ['read', 'write'],
      model_mcp_servers: ['notes'],
      model_calls: ['read'],
      model_tokens_in: 10,
      model_tokens_out: 2,
    },
  } as const;
  const [line, ...rest] = used(ask, ask, {
    ...ask,
    effect: 'deny',
    reason: 'No.',
    detail: { ...ask.detail, model_calls: [] },
  }).models();
  expect(rest).toEqual([]);
  expect(line).toMatchObject({
    model: 'm',
    host: 'api.example',
    requests: 3,
    denied: 1,
    why: 'No.',
    tokensIn: 30,
    tokensOut: 6,
  });
  expect(line).toMatchObject({
    mcpServers: ['notes'],
    serverTools: [],
    tools: [
      { name: 'read', calls: 2 },
      { name: 'write', calls: 0 },
    ],
  });
});

test('calls of MCP tools are told by server, tool and verdict', () => {
  const call = { action: 'McpCall', resource: { type: 'tool', server: 'notes', name: 'add' } } as const;
  expect(used(call, { ...call, effect: 'deny', policies: ['p'] }).mcp()).toMatchObject([
    { server: 'notes', tool: 'add', method: 'tools/call', allowed: 1, denied: 1, why: 'by p' },
  ]);
  expect(
    used({ action: 'McpCall', resource: { type: 'server', name: 'notes' }, detail: { method: 'initialize' } }).mcp(),
  ).toMatchObject([{ server: 'notes', method: 'initialize', allowed: 1 }]);
});

test('other events are none of these', () => {
  const all = used({ action: 'HttpRequest', resource: { type: 'host', name: 'h' } }, { action: 'FileWrite' });
  expect([all.mcp(), all.models()]).toEqual([[], []]);
});

test('of the calls the last are there, the newest first, with what they caused', () => {
  const call = (n: number): Partial<Event> => ({
    action: 'McpCall',
    resource: { type: 'tool', name: 'read', server: 'files' },
    call: `c${n}`,
    detail: { method: 'tools/call', outcome: 'result', caused: '1 program' },
  });
  const calls = used(...Array.from({ length: 1_000 }, (_, n) => call(n))).calls();
  expect(calls).toHaveLength(200);
  expect(calls[0]).toMatchObject({ call: 'c999', seq: 999, server: 'files', what: 'read', caused: '1 program' });
  expect(calls.at(-1)).toMatchObject({ call: 'c800' });
});

test('a message about a server, one that was denied, and one of an earlier journal', () => {
  const resource = { type: 'server', name: 'files' } as const;
  const [first, second] = used(
    { action: 'McpCall', resource, effect: 'deny', detail: { method: 'tools/list', outcome: 'denied' } },
    { action: 'McpCall', resource },
  ).calls();
  expect(second).toMatchObject({ what: 'tools/list', outcome: 'denied', isDenied: true });
  expect(first).toMatchObject({ outcome: '', caused: '', isDenied: false });
  expect(first).not.toHaveProperty('call');
});
