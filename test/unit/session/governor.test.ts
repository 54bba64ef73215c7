import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FLAG, OPERATION } from '../../../src/engine/wire-layout.ts';
import { openReader } from '../../../src/journal/reader.ts';
import { newSessionId } from '../../../src/journal/session-id.ts';
import { createSessionCa } from '../../../src/proxy/tls/session-ca.ts';
import type { Event } from '../../../src/schema/event.ts';
import { type Governor, govern } from '../../../src/session/governor.ts';
import type { SessionOptions } from '../../../src/session/options.ts';
import { wireEvent } from '../engine/wire-samples.ts';
import { sessionOptions } from './session-options.ts';

const POLICY = `
@id("run") permit(principal, action == Action::"ProcessExec", resource);
@id("read") permit(principal, action == Action::"FileOpenReadOnly", resource);
@id("web") permit(principal, action == Action::"NetConnect", resource == Host::"192.0.2.1");
`;

let root: string;
let id: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-governor-')));
  id = newSessionId();
  writeFileSync(path.join(root, 'p.cedar'), POLICY);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function start(changes: Partial<SessionOptions> = {}): Promise<Governor> {
  const session = sessionOptions(root, { policyFile: path.join(root, 'p.cedar'), ...changes });
  const stop = (error: Error): never => {
    throw error;
  };
  const answers = { deliver: stop as never, unreachable: stop as never };
  return govern({ id, session, agentEnv: {}, ca: createSessionCa(), stop, resume: stop as never, answers });
}

const journal = (): string => path.join(root, 'home/.local/state/leash/sessions', id);

test('records of the warden become events with the policy that explains them, and totals', async () => {
  const governor = await start();
  governor.process({
    line: 7,
    lineUp: 0,
    server: 0,
    pid: 7,
    parent: 2,
    hostPid: 1,
    uid: 0,
    exe: '/bin/sh',
    argv: ['sh'],
  });
  governor.event(wireEvent({ epoch: 1 }));
  governor.event(wireEvent({ epoch: 1, actions: 2, denied: 2, error: 13 }));
  governor.event(wireEvent({ epoch: 1, operation: OPERATION.open, denied: 1, flags: FLAG.builtin, error: 13 }));
  expect(await governor.end(3)).toEqual({ allowed: 1, denied: 2, policy: path.join(root, 'p.cedar') });

  const reader = openReader(journal());
  const events: Event[] = [];
  for await (const entry of reader.available()) events.push(entry.event);
  await reader.close();
  expect(events.map(({ action, effect, policies, who }) => [action, effect, policies, who?.exe])).toEqual([
    ['FileOpenReadOnly', 'allow', ['read'], '/bin/sh'],
    ['FileWrite', 'deny', [], '/bin/sh'],
    ['FileOpenReadOnly', 'deny', [], '/bin/sh'],
    ['SessionEnd', 'allow', [], undefined],
  ]);
});

test('questions are answered under the epoch in force', async () => {
  const governor = await start();
  governor.process({
    line: 7,
    lineUp: 0,
    server: 0,
    pid: 7,
    parent: 2,
    hostPid: 1,
    uid: 0,
    exe: '/bin/sh',
    argv: ['sh'],
  });
  const connect = (address: string) => wireEvent({ operation: OPERATION.connect, path: '', address, port: 443 });
  expect(governor.answer(connect('192.0.2.1'))).toEqual({ epoch: 1, word: 'goOn' });
  expect(governor.answer(connect('192.0.2.2'))).toEqual({ epoch: 1, word: 'refuse' });
  await governor.end(0);
});

test('its door is closed with it, and opened no more: the timer that opens it may fire while it ends', async () => {
  let open = 0;
  const openDoor = async () => {
    open++;
    return { close: async () => void open-- };
  };
  const governor = await start({ asking: { timeout: 0, tell: () => undefined, openDoor } });
  governor.begin({ load: () => undefined } as never);
  await governor.openDoor();
  expect(open).toBe(1);
  const end = governor.end(0);
  expect(await governor.openDoor()).toBeUndefined();
  await end;
  expect(await governor.openDoor()).toBeUndefined();
  expect(open).toBe(0);
});

test.each([
  ['a policy that is not there', { policyFile: '/nonexistent/p.cedar' }, 'LEASH_POLICY_READ'],
  ['a command that the policy stops', { command: ['true'] }, 'LEASH_COMMAND_DENIED'],
])('%s is found before there is a journal', async (_what, changes, code) => {
  if (code === 'LEASH_COMMAND_DENIED') writeFileSync(path.join(root, 'p.cedar'), '// nothing is permitted');
  await expect(start(changes)).rejects.toMatchObject({ code });
  expect(existsSync(journal())).toBe(false);
});
