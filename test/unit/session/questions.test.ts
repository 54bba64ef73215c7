import { expect, test } from 'vitest';
import { Approvals } from '../../../src/decision/approvals.ts';
import { Decision } from '../../../src/decision/decision.ts';
import { KeptApprovals } from '../../../src/decision/kept-approvals.ts';
import { ProcessTable } from '../../../src/engine/process-table.ts';
import { OPERATION } from '../../../src/engine/wire-layout.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import { SyntheticNames } from '../../../src/proxy/names/synthetic-names.ts';
import type { Event } from '../../../src/schema/event.ts';
import type { Mode } from '../../../src/schema/verdict.ts';
import { HeldCalls } from '../../../src/session/held-calls.ts';
import { answerQuestion, type QuestionContext } from '../../../src/session/questions.ts';
import { wireEvent } from '../engine/wire-samples.ts';

const POLICY = `
@id("web") permit(principal, action == Action::"NetConnect", resource == Host::"example.com") when { context.port == 443 };
@id("literal") permit(principal, action == Action::"NetConnect", resource == Host::"192.0.2.1");
@id("time") permit(principal, action == Action::"NetConnect", resource == Host::"192.0.2.9") when { context.protocol == "udp" };
@id("sh") permit(principal, action in Action::"FileOpen", resource) when { context.proc.exe == File::"/bin/sh" };
@id("keep") forbid(principal, action == Action::"FileDelete", resource);
@id("run") permit(principal, action == Action::"ProcessExec", resource) unless { context.argv.contains("--danger") };
`;

async function context(mode: Mode = 'enforce'): Promise<QuestionContext & { events: Event[] }> {
  const facts = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
  const processes = new ProcessTable();
  processes.learn({
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
  processes.learn({
    line: 8,
    lineUp: 7,
    server: 0,
    pid: 8,
    parent: 2,
    hostPid: 1,
    uid: 0,
    exe: '/bin/cat',
    argv: ['cat'],
  });
  const events: Event[] = [];
  const set = await loadPolicies({ name: 'p', text: POLICY }, facts);
  const decision = new Decision(set, mode);
  const approvals = new Approvals({
    timeout: 0,
    kept: new KeptApprovals('/nonexistent'),
    opened: () => undefined,
    withdrawn: () => undefined,
  });
  return {
    decision,
    held: new HeldCalls({ agent: 'a', decision, approvals }, () => undefined),
    isFlowing: () => false,
    approvedOnce: () => undefined,
    processes,
    names: new SyntheticNames(),
    emit: (event) => events.push(event),
    events,
  };
}

const connect = (address: string, port: number, protocol: 'tcp' | 'udp' = 'tcp') =>
  wireEvent({ operation: OPERATION.connect, address, port, protocol, path: '' });

test('a connection is judged by its literal address, and recorded', async () => {
  const it = await context();
  expect(answerQuestion(connect('192.0.2.1', 5432), it)).toBe('goOn');
  expect(answerQuestion(connect('192.0.2.2', 5432), it)).toBe('refuse');
  expect(it.events).toMatchObject([
    {
      action: 'NetConnect',
      resource: { type: 'host', name: '192.0.2.1' },
      effect: 'allow',
      policies: ['literal'],
      who: { exe: '/bin/sh' },
      detail: { port: 5432 },
    },
    { resource: { name: '192.0.2.2' }, effect: 'deny', enforced: true, error: 'EACCES' },
  ]);
});

test('a mode that stops nothing answers yes to what it records as denied', async () => {
  const it = await context('shadow');
  expect(answerQuestion(connect('192.0.2.2', 1), it)).toBe('goOn');
  expect(it.events).toMatchObject([{ effect: 'deny', enforced: false }]);
  expect(it.events[0]).not.toHaveProperty('error');
});

test('a file question rests on the program that asks', async () => {
  const it = await context();
  expect(answerQuestion(wireEvent({ pid: 7 }), it)).toBe('goOn');
  expect(answerQuestion(wireEvent({ pid: 8 }), it)).toBe('refuse');
  expect(it.events).toEqual([]);
});

test('of several actions each must be allowed', async () => {
  const it = await context();
  expect(answerQuestion(wireEvent({ actions: 0b0011 }), it)).toBe('goOn');
  expect(answerQuestion(wireEvent({ actions: 0b1011 }), it)).toBe('refuse');
});

test('a program is judged by its arguments', async () => {
  const it = await context();
  const exec = (argv: string) => wireEvent({ operation: OPERATION.exec, path: '/bin/tool', path2: argv });
  expect(answerQuestion(exec('tool\0--gentle\0'), it)).toBe('goOn');
  expect(answerQuestion(exec('tool\0--danger\0'), it)).toBe('refuse');
});

test('connecting to a socket file is a file question', async () => {
  const it = await context();
  expect(answerQuestion(wireEvent({ operation: OPERATION.connect, actions: 2, path: '/w/socket' }), it)).toBe('goOn');
  expect(answerQuestion(wireEvent({ pid: 8, operation: OPERATION.connect, actions: 2, path: '/w/socket' }), it)).toBe(
    'refuse',
  );
});

test('what ran before in the line of descent counts, and a process of no known line is allowed nothing', async () => {
  const it = await context();
  const shell = wireEvent({ path: '/w/shell-only' });
  expect(answerQuestion({ ...shell, line: 0 }, it)).toBe('refuse');
  expect(answerQuestion(connect('192.0.2.1', 5432), it)).toBe('goOn');
  expect(answerQuestion({ ...connect('192.0.2.1', 5432), line: 99 }, it)).toBe('refuse');
});

test('a rule about ancestors and content holds', async () => {
  const it = await context();
  const text = `
    permit(principal, action, resource);
    forbid(principal, action in Action::"FileOpen", resource) when { context.proc.ancestors.contains(File::"/bin/sh") };
    forbid(principal, action == Action::"ProcessExec", resource) when { context has sha256 && context.sha256 == "${'ab'.repeat(32)}" };`;
  it.decision.replace(
    await loadPolicies(
      { name: 'p', text },
      { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' },
    ),
  );
  expect(answerQuestion(wireEvent({ pid: 7 }), it)).toBe('goOn');
  expect(answerQuestion(wireEvent({ pid: 8 }), it)).toBe('refuse');
  const exec = wireEvent({ operation: OPERATION.exec, path: '/w/copy', path2: 'copy\0' });
  expect(answerQuestion({ ...exec, sha256: 'cd'.repeat(32) }, it)).toBe('goOn');
  expect(answerQuestion({ ...exec, sha256: 'ab'.repeat(32) }, it)).toBe('refuse');
});

test('a datagram that is permitted goes on and is recorded where it is relayed; another is refused and recorded here', async () => {
  const it = await context();
  expect(answerQuestion(connect('192.0.2.9', 123, 'udp'), it)).toBe('goOn');
  expect(it.events).toEqual([]);
  expect(answerQuestion(connect('192.0.2.8', 123, 'udp'), it)).toBe('refuse');
  expect(answerQuestion(connect('192.0.2.1', 443, 'udp'), it)).toBe('refuse');
  expect(it.events).toMatchObject([
    { resource: { name: '192.0.2.8' }, effect: 'deny', error: 'EACCES', detail: { protocol: 'udp' } },
    { resource: { name: '192.0.2.1' }, effect: 'deny', policies: [], error: 'EACCES' },
  ]);
});

test('where nothing is stopped a datagram goes on, but to the port of HTTPS', async () => {
  const it = await context('record');
  expect(answerQuestion(connect('192.0.2.8', 123, 'udp'), it)).toBe('goOn');
  expect(answerQuestion(connect('192.0.2.8', 443, 'udp'), it)).toBe('refuse');
  expect(it.events).toMatchObject([{ detail: { port: 443 }, enforced: true }]);
});
