import { expect, test } from 'vitest';
import { Decision } from '../../../src/decision/decision.ts';
import { ProcessTable } from '../../../src/engine/process-table.ts';
import { OPERATION } from '../../../src/engine/wire-layout.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import { SyntheticNames } from '../../../src/proxy/names/synthetic-names.ts';
import type { Event } from '../../../src/schema/event.ts';
import type { Mode } from '../../../src/schema/verdict.ts';
import { answerQuestion, type QuestionContext } from '../../../src/session/questions.ts';
import { wireEvent } from '../engine/wire-samples.ts';

const POLICY = `
@id("web") permit(principal, action == Action::"NetConnect", resource == Host::"example.com") when { context.port == 443 };
@id("literal") permit(principal, action == Action::"NetConnect", resource == Host::"192.0.2.1");
@id("sh") permit(principal, action in Action::"FileOpen", resource) when { context.proc.exe == File::"/bin/sh" };
@id("keep") forbid(principal, action == Action::"FileDelete", resource);
@id("run") permit(principal, action == Action::"ProcessExec", resource) unless { context.argv.contains("--danger") };
`;

async function context(mode: Mode = 'enforce'): Promise<QuestionContext & { events: Event[] }> {
  const facts = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
  const processes = new ProcessTable();
  processes.learn({ line: 7, lineUp: 0, pid: 7, parent: 2, hostPid: 1, uid: 0, exe: '/bin/sh', argv: ['sh'] });
  processes.learn({ line: 8, lineUp: 7, pid: 8, parent: 2, hostPid: 1, uid: 0, exe: '/bin/cat', argv: ['cat'] });
  const events: Event[] = [];
  const set = await loadPolicies({ name: 'p', text: POLICY }, facts);
  return {
    decision: new Decision(set, mode),
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
  expect(answerQuestion(connect('192.0.2.1', 5432), it)).toBe(true);
  expect(answerQuestion(connect('192.0.2.2', 5432), it)).toBe(false);
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
  expect(answerQuestion(connect('192.0.2.2', 1), it)).toBe(true);
  expect(it.events).toMatchObject([{ effect: 'deny', enforced: false }]);
  expect(it.events[0]).not.toHaveProperty('error');
});

test('a file question rests on the program that asks', async () => {
  const it = await context();
  expect(answerQuestion(wireEvent({ pid: 7 }), it)).toBe(true);
  expect(answerQuestion(wireEvent({ pid: 8 }), it)).toBe(false);
  expect(it.events).toEqual([]);
});

test('of several actions each must be allowed', async () => {
  const it = await context();
  expect(answerQuestion(wireEvent({ actions: 0b0011 }), it)).toBe(true);
  expect(answerQuestion(wireEvent({ actions: 0b1011 }), it)).toBe(false);
});

test('a program is judged by its arguments', async () => {
  const it = await context();
  const exec = (argv: string) => wireEvent({ operation: OPERATION.exec, path: '/bin/tool', path2: argv });
  expect(answerQuestion(exec('tool\0--gentle\0'), it)).toBe(true);
  expect(answerQuestion(exec('tool\0--danger\0'), it)).toBe(false);
});

test('connecting to a socket file is a file question', async () => {
  const it = await context();
  expect(answerQuestion(wireEvent({ operation: OPERATION.connect, actions: 2, path: '/w/socket' }), it)).toBe(true);
  expect(answerQuestion(wireEvent({ pid: 8, operation: OPERATION.connect, actions: 2, path: '/w/socket' }), it)).toBe(
    false,
  );
});

test('what ran before in the line of descent counts, and a process of no known line is allowed nothing', async () => {
  const it = await context();
  const shell = wireEvent({ path: '/w/shell-only' });
  expect(answerQuestion({ ...shell, line: 0 }, it)).toBe(false);
  expect(answerQuestion(connect('192.0.2.1', 5432), it)).toBe(true);
  expect(answerQuestion({ ...connect('192.0.2.1', 5432), line: 99 }, it)).toBe(false);
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
  expect(answerQuestion(wireEvent({ pid: 7 }), it)).toBe(true);
  expect(answerQuestion(wireEvent({ pid: 8 }), it)).toBe(false);
  const exec = wireEvent({ operation: OPERATION.exec, path: '/w/copy', path2: 'copy\0' });
  expect(answerQuestion({ ...exec, sha256: 'cd'.repeat(32) }, it)).toBe(true);
  expect(answerQuestion({ ...exec, sha256: 'ab'.repeat(32) }, it)).toBe(false);
});
