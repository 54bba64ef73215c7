// A whole call in lines: every fact stands there once, and nothing of it drives a terminal.
import { expect, test } from 'vitest';
import { callText } from '../../../../src/cli/mcp/call-text.ts';
import { HOSTILE, plain, sampleCall, sampleMessage } from './sample-call.ts';

const time = new Date(2026, 10, 25, 14, 22, 33, 7).getTime();

test('all that the journal has of a call of a tool', () => {
  const facts = { args: ['path=/w/a', 'text: 500 characters'], args_more: 3, caused: '1 program', caused_denied: 1 };
  expect(callText(sampleCall({ time, ask: 'May it?' }, { ...facts, caused_shared: 1, during: 'c0' }), plain)).toEqual([
    'c1 tools/call read of files',
    '  verdict     allowed by calls',
    '  question    May it?',
    '  when        14:22:33.007',
    '  outcome     result, 3.3 ms, 90 characters sent, 200 answered',
    '  reached by  stdio mcp:files',
    '  client      /usr/bin/cat (pid 12)',
    '  during      c0',
    '  id          7',
    '  arguments   path=/w/a',
    '              text: 500 characters',
    '              and 3 more',
    '  caused      1 program',
    '              1 of it denied',
    '              1 of it while other calls were open, too',
  ]);
});

test('a denied message to a server over HTTP, one of a server, and one that was not judged', () => {
  const denied = { time, effect: 'deny', policies: ['no'], reason: 'Not this.' } as const;
  const http = { transport: 'http', host: 'a.example', port: 443 };
  const [title, verdict] = callText(sampleMessage('tools/list', denied), plain);
  expect([title, verdict]).toEqual(['c1 tools/list to files', '  verdict     denied — Not this. (by no)']);
  expect(callText(sampleCall({}, http), plain)).toContain('  reached by  http mcp:files a.example:443');
  expect(callText(sampleCall({}, { sender: 'server' }), plain)[0]).toBe('c1 tools/call read from files');
  expect(callText(sampleCall({}, { judged: false }), plain)).toContain(
    '  verdict     not judged: no policy speaks of calls',
  );
});

test('what servers and agents chose does not drive the terminal', () => {
  const resource = { type: 'tool', name: HOSTILE, server: HOSTILE } as const;
  const lines = callText(
    sampleCall({ resource, ask: HOSTILE }, { args: [HOSTILE], id: HOSTILE, method: HOSTILE }),
    plain,
  );
  expect(lines.join('\n')).toContain('owned');
  for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});
