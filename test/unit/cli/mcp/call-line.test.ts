// One call, one line: what stands in it, and that nothing of it drives a terminal.
import { expect, test } from 'vitest';
import { callLine, durationOf } from '../../../../src/cli/mcp/call-line.ts';
import type { Event } from '../../../../src/schema/event.ts';
import { HOSTILE, plain, sampleCall, sampleMessage } from './sample-call.ts';

const time = new Date(2026, 10, 25, 14, 22, 33, 7).getTime();
const line = (event: Event): string => callLine({ ...event, time }, plain).replaceAll(/ +/g, ' ');

test.each<[string, Event, string]>([
  ['permitted', sampleCall(), '14:22:33.007 ✓ allowed c1 files read result, 3.3 ms'],
  [
    'denied',
    sampleCall({ effect: 'deny', policies: ['no'], reason: 'Not this.' }, { outcome: 'denied', duration_ms: 0.1 }),
    '14:22:33.007 ✗ denied c1 files read denied, 0.1 ms — Not this. (by no)',
  ],
  ['about a server', sampleMessage('tools/list'), '14:22:33.007 ✓ allowed c1 files tools/list result, 3.3 ms'],
  [
    'with what it caused',
    sampleCall({}, { caused: '2 file operations, 1 program', duration_ms: 1234.5 }),
    '14:22:33.007 ✓ allowed c1 files read result, 1235 ms, 2 file operations, 1 program',
  ],
  [
    'with what may be of another call',
    sampleCall({}, { caused: '2 file operations', caused_shared: 2 }),
    '14:22:33.007 ✓ allowed c1 files read result, 3.3 ms, 2 file operations (2 shared)',
  ],
  [
    'not judged',
    sampleCall({ policies: [] }, { judged: false }),
    '14:22:33.007 ✓ not judged c1 files read result, 3.3 ms',
  ],
  [
    'of the server',
    sampleMessage('sampling/createMessage', {}),
    '14:22:33.007 ✓ allowed c1 files sampling/createMessage result, 3.3 ms',
  ],
])('%s', (_, event, expected) => {
  expect(line(event)).toBe(expected);
});

test('a request of the server says so', () => {
  expect(line(sampleCall({}, { sender: 'server', outcome: 'sent' }))).toContain('asked by the server, sent');
});

test('what servers and agents chose does not drive the terminal', () => {
  const resource = { type: 'tool', name: HOSTILE, server: HOSTILE } as const;
  const text = line(
    sampleCall({ resource, call: HOSTILE, reason: HOSTILE, effect: 'deny' }, { outcome: HOSTILE, caused: HOSTILE }),
  );
  expect(text).toContain('owned');
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('a duration that is none is not said', () => {
  expect(durationOf(sampleCall({}, { duration_ms: 'long' }))).toBeUndefined();
});
