import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPolicyRecord } from '../../../src/journal/policy-record.ts';
import { openReader } from '../../../src/journal/reader.ts';
import { newSessionId } from '../../../src/journal/session-id.ts';
import type { Event } from '../../../src/schema/event.ts';
import type { SessionOptions } from '../../../src/session/options.ts';
import { Recorder, userName } from '../../../src/session/recorder.ts';
import { redactor } from '../../../src/session/redact.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'leash-recorder-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const event: Event = {
  v: 1,
  time: 1,
  action: 'FileWrite',
  resource: { type: 'path', path: '/w/hunter22-notes' },
  effect: 'allow',
  enforced: true,
  policies: [],
  epoch: 1,
};

const options = (): SessionOptions => ({
  command: ['agent'],
  workspace: '/w',
  policyFile: undefined,
  mode: 'enforce',
  env: { HOME: home, XDG_STATE_HOME: home },
  extraEnv: {},
  resolve: new Map(),
  ca: [],
  bubblewrap: 'bwrap',
  say: () => undefined,
});

test('events are counted, cleaned of credentials and journaled, with the session around them', async () => {
  const id = newSessionId();
  const recorder = new Recorder(id, options(), 'p.cedar', redactor({ PASSWORD: 'hunter22' }), (error) => {
    throw error;
  });
  recorder.note('SessionStart', 'agent', 1);
  recorder.emit(event);
  recorder.emit({ ...event, effect: 'deny' });
  recorder.note('PolicyLoad', 'p.cedar', 1, { problem: 'line 3' });
  await recorder.close(7);
  expect([recorder.allowed, recorder.denied]).toEqual([1, 1]);

  const reader = openReader(path.join(home, 'leash/sessions', id));
  const events: Event[] = [];
  for await (const entry of reader.available()) events.push(entry.event);
  await reader.close();
  expect(reader.state).toBe('ended');
  expect(events.map(({ action, effect, reason }) => [action, effect, reason])).toEqual([
    ['SessionStart', 'allow', undefined],
    ['FileWrite', 'allow', undefined],
    ['FileWrite', 'deny', undefined],
    ['PolicyLoad', 'deny', 'line 3'],
  ]);
  expect(events[1]?.resource).toEqual({ type: 'path', path: '/w/[PASSWORD]-notes' });
  expect(readdirSync(home)).toEqual(['leash']);
});

test('what a server does while a call is open is journaled with the call, and what others do is not', async () => {
  const id = newSessionId();
  const recorder = new Recorder(id, options(), 'p.cedar', redactor({}), (error) => {
    throw error;
  });
  const of = (via?: string): Event => ({
    ...event,
    time: Date.now(),
    who: { pid: 2, parent: 1, exe: '/bin/x', ...(via !== undefined && { via }) },
  });
  recorder.calls.begin('c1', 'mcp:files');
  recorder.emit(of('mcp:files'));
  recorder.emit(of('mcp:other'));
  recorder.emit(of());
  recorder.calls.end('c1', 'mcp:files', ({ text }) => recorder.note('SessionExec', text, 1));
  recorder.calls.close();
  await recorder.close(0);
  const reader = openReader(path.join(home, 'leash/sessions', id));
  const events: Event[] = [];
  for await (const entry of reader.available()) events.push(entry.event);
  await reader.close();
  expect(events.map(({ call }) => call)).toEqual(['c1', undefined, undefined, undefined]);
  expect(events.at(-1)?.resource).toEqual({ type: 'name', name: '1 file operation' });
});

test('the policy of an epoch lies beside the events it decides', async () => {
  const id = newSessionId();
  const recorder = new Recorder(id, options(), 'p.cedar', redactor({}), (error) => {
    throw error;
  });
  const facts = { agent: 'a', session: id, user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
  const policy = {
    v: 1,
    epoch: 1,
    name: 'p.cedar',
    text: 'permit(principal, action, resource);',
    guard: '',
    facts,
  } as const;
  recorder.keepPolicy(policy);
  expect(readPolicyRecord(path.join(home, 'leash/sessions', id), 1)).toEqual(policy);
  expect(() => recorder.keepPolicy(policy)).toThrow(
    expect.objectContaining({ code: 'LEASH_JOURNAL_WRITE', message: expect.stringMatching(/\(EEXIST\)$/) }),
  );
  await recorder.close(0);
});

test('a user has a name even when no account does', () => expect(userName()).toBe(userInfo().username));
