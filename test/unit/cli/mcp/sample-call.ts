// Changes in; an event of an MCP call, as sessions record it, out.
import type { Event } from '../../../../src/schema/event.ts';
import { sampleEvent } from '../../journal/sample-session.ts';

export const HOSTILE = 'x\u001b]0;owned\u0007\u009b2J\r\n"};//\u202e';

/** A permitted call of the tool `read` of the server `files`, which is a program of the agent's. */
export function sampleCall(changes: Partial<Event> = {}, facts: NonNullable<Event['detail']> = {}): Event {
  return sampleEvent({
    action: 'McpCall',
    resource: { type: 'tool', name: 'read', server: 'files' },
    call: 'c1',
    policies: ['calls'],
    ...changes,
    detail: {
      method: 'tools/call',
      transport: 'stdio',
      via: 'mcp:files',
      id: '7',
      length: 90,
      answered: 200,
      outcome: 'result',
      duration_ms: 3.25,
      ...facts,
    },
  });
}

/** A message about the server itself. */
export function sampleMessage(method: string, changes: Partial<Event> = {}): Event {
  return sampleCall({ resource: { type: 'server', name: 'files' }, ...changes }, { method });
}

export const plain = (_style: unknown, text: string): string => text;
