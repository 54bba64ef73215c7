// A journal of calls and of what they caused; what the built `leash mcp` prints of it, for people and for programs.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ToolFile } from '../../../../../src/journal/tool-files.ts';
import type { Event } from '../../../../../src/schema/event.ts';
import { openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../../../journal/sample-session.ts';
import { HOSTILE, sampleCall, sampleMessage } from '../../mcp/sample-call.ts';
import { type Outcome, runLeash } from '../../run-leash.ts';

const DENIED = { effect: 'deny', policies: ['no-write'], reason: 'Nothing is written.' } as const;
const of = (tool: string, server = 'files') => ({ type: 'tool', name: tool, server }) as const;

const EVENTS: readonly Event[] = [
  sampleMessage('initialize', { call: 'c1' }),
  sampleEvent({ action: 'FileWrite', resource: { type: 'path', path: '/w/a' }, call: 'c2' }),
  sampleEvent({ action: 'ProcessExec', resource: { type: 'path', path: '/bin/ls' }, call: 'c2' }),
  sampleEvent({ action: 'FileDelete', resource: { type: 'path', path: '/w/b' }, call: 'c2,c3' }),
  sampleEvent({ resource: { type: 'path', path: '/w/elsewhere' }, call: 'c22' }),
  sampleCall({ call: 'c2' }, { args: ['path=/w/a'], caused: '2 file operations, 1 program', caused_shared: 1 }),
  sampleCall({ call: 'c3', resource: of('write'), ...DENIED }, { outcome: 'denied' }),
  sampleCall({ call: 'c4', resource: of(HOSTILE, HOSTILE) }, { args: [HOSTILE], transport: HOSTILE }),
];

async function state(
  events: readonly Event[] = EVENTS,
): Promise<{ dir: string; leash: (...args: string[]) => Outcome }> {
  const root = temporaryFolder();
  const dir = path.join(root, 'leash', 'sessions', SESSION_ID);
  const journal = openSample(dir);
  for (const event of events) journal.append(event);
  await journal.close({ ended: 1, exitCode: 0 });
  return { dir, leash: (...args) => runLeash(['mcp', ...args], { XDG_STATE_HOME: root, TMPDIR: temporaryFolder() }) };
}

const lines = ({ stdout }: Outcome): string[] => stdout.trimEnd().split('\n');
const objects = (outcome: Outcome): Record<string, unknown>[] => lines(outcome).map((line) => JSON.parse(line));

test('list has a line a tool, also of those that were only offered', async () => {
  const { dir, leash } = await state(EVENTS.slice(0, -1));
  new ToolFile(dir).add('files', '{"name":"move","inputSchema":{"type":"object"}}');
  const listed = lines(leash('list')).map((line) =>
    line.replaceAll(/ {2,}/g, '|').replace(/\d\d:\d\d:\d\d\.\d{3}$/, 'T'),
  );
  expect(listed).toEqual([
    'SERVER|BY|TOOL|ALLOWED|DENIED|WOULD DENY|ASKED|LAST',
    'files|stdio mcp:files|read|1|0|0|0|T',
    'files|stdio mcp:files|write|0|1|0|0|T',
    'files|stdio mcp:files|move|0|0|0|0|-',
    'files|stdio mcp:files|(initialize)|1|0|0|0|T',
  ]);
  expect(objects(leash('list', '--json'))).toMatchObject([
    {
      session: SESSION_ID,
      server: 'files',
      calls: 3,
      denied: 1,
      vias: ['mcp:files'],
      tools: [{ name: 'read' }, {}, {}],
    },
  ]);
});

test('log has a line a call, and filters', async () => {
  const { leash } = await state();
  const calls = (...args: string[]) => objects(leash('log', '--json', ...args)).map(({ call }) => call);
  expect(calls()).toEqual(['c1', 'c2', 'c3', 'c4']);
  expect(calls('--denied')).toEqual(['c3']);
  expect(calls('--server', 'files', '--tool', 'read', '--tool', 'write')).toEqual(['c2', 'c3']);
  expect(leash('log', '--server', 'none')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(lines(leash('log', '--denied'))).toEqual([expect.stringContaining('— Nothing is written. (by no-write)')]);
  expect(lines(leash('log', SESSION_ID))).toHaveLength(4);
});

test('inspect has the call and what it caused, in groups; and no event of another call', async () => {
  const { leash } = await state();
  const { status, stdout } = leash('inspect', 'c2');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^c2 tools\/call read of files\n {2}verdict {5}allowed by calls\n/);
  expect(stdout).toMatch(/\nFiles\n.*\/w\/a\n\nPrograms\n.*\/bin\/ls\n\nDuring other calls .*\n.*\/w\/b\n$/);
  const [call] = objects(leash('inspect', '--json', 'c2'));
  expect(call).toMatchObject({ session: SESSION_ID, seq: 5, call: 'c2', caused: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] });
});

test('a call is found by an event that belongs to it', async () => {
  const { leash } = await state();
  expect(leash('inspect', 'latest:1').stdout).toBe(leash('inspect', 'c2').stdout);
  expect(leash('inspect', `${SESSION_ID}:6`).stdout).toBe(leash('inspect', 'c3').stdout);
  expect(leash('inspect', 'latest:3')).toMatchObject({ status: 1, stderr: expect.stringContaining('c2 and c3') });
});

test.each([
  [['inspect', 'c9'], 1, 'LEASH_CALL_UNKNOWN'],
  // It has events, and did not end.
  [['inspect', 'c22'], 1, 'LEASH_CALL_UNKNOWN'],
  [['inspect', "c1' OR 1"], 2, 'LEASH_USAGE'],
  [['inspect', 'c1,c2'], 2, 'LEASH_USAGE'],
  [['inspect', 'latest:1', 'latest'], 2, 'LEASH_USAGE'],
  [['inspect'], 2, 'LEASH_USAGE'],
  [['inspect', 'c1', 'nosuch'], 1, 'LEASH_SESSION_UNKNOWN'],
  [['list', 'nosuch'], 1, 'LEASH_SESSION_UNKNOWN'],
  [['schema'], 1, 'LEASH_TOOLS_NONE'],
  [['whatever'], 2, 'LEASH_USAGE'],
] as const)('leash mcp %j ends with %d', async (args, status, code) => {
  const { leash } = await state();
  expect(leash(...args)).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(code) });
});

test('an event that belongs to no call says so', async () => {
  const { leash } = await state([sampleEvent()]);
  expect(leash('inspect', 'latest:0').stderr).toContain('event 0 belongs to no MCP call');
  expect(leash('list')).toEqual({ status: 0, stdout: '', stderr: `leash: session ${SESSION_ID} has no MCP call\n` });
});

test('statements for a call are a policy without faults', async () => {
  const { leash } = await state();
  for (const call of ['c1', 'c2', 'c3', 'c4']) {
    const { status, stdout } = leash('inspect', call, '--policy');
    expect(status).toBe(0);
    const folder = temporaryFolder();
    const file = path.join(folder, 'p.cedar');
    writeFileSync(file, stdout);
    expect(runLeash(['policy', 'check', file], { XDG_CACHE_HOME: folder })).toMatchObject({ status: 0 });
  }
});

test('schema prints what Cedar reads, names what it left out, and takes one server alone', async () => {
  const { dir, leash } = await state();
  const file = new ToolFile(dir);
  const add = (server: string, name: string): void =>
    file.add(
      server,
      JSON.stringify({ name, inputSchema: { type: 'object', properties: { path: { type: 'string' } } } }),
    );
  add('files', 'read');
  add('files', HOSTILE);
  add('other', 'look');
  const { status, stdout, stderr } = leash('schema');
  expect(status).toBe(0);
  expect(stdout).toMatch(/namespace files \{[\s\S]*action "read"[\s\S]*namespace other \{[\s\S]*action "look"/);
  expect(stderr).toMatch(/^leash: left out: x\\u001b\]0;owned[^\u001b]*\n$/);
  const [json] = objects(leash('schema', '--json', '--server', 'other'));
  expect(Object.keys(json ?? {})).toEqual(['other']);
});

test('what agents and servers chose does not drive the terminal, in no form of output', async () => {
  const { dir, leash } = await state();
  new ToolFile(dir).add(HOSTILE, JSON.stringify({ name: HOSTILE }));
  new ToolFile(dir).add('s', JSON.stringify({ name: 'owned', inputSchema: { type: 'object' } }));
  const forms = [
    ['list'],
    ['list', '--json'],
    ['log'],
    ['log', '--json'],
    ['inspect', 'c4'],
    ['inspect', 'c4', '--json'],
  ];
  for (const form of [...forms, ['inspect', 'c4', '--policy'], ['schema'], ['schema', '--json']]) {
    const { status, stdout, stderr } = leash(...form);
    expect([form, status]).toEqual([form, 0]);
    expect(stdout).toContain('owned');
    expect(stdout + stderr).not.toMatch(/[\u001b\u0007\u009b\r\u202e]/);
  }
});
