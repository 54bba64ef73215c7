// One call of a sample journal, by its name and by its events; statements for it; and that nothing drives a terminal.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ToolFile } from '../../../../../src/journal/tool-files.ts';
import { SESSION_ID, sampleEvent, temporaryFolder } from '../../../journal/sample-session.ts';
import { HOSTILE } from '../../mcp/sample-call.ts';
import { runLeash } from '../../run-leash.ts';
import { objects, state } from './sample-state.ts';

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
