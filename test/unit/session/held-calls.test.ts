import { expect, test } from 'vitest';
import { Approvals } from '../../../src/decision/approvals.ts';
import { Decision } from '../../../src/decision/decision.ts';
import { KeptApprovals } from '../../../src/decision/kept-approvals.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { Question } from '../../../src/schema/approval.ts';
import type { FileAction, FileRequest } from '../../../src/schema/request.ts';
import { HeldCalls } from '../../../src/session/held-calls.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
const POLICY = `
permit(principal, action, resource);
@id("ask") @ask("May it?") forbid(principal, action in [Action::"FileOpenReadOnly", Action::"FileWrite"], resource)
when { resource.name == "asked" };
@id("never") forbid(principal, action == Action::"FileDelete", resource);
`;
const who = { pid: 7, parent: 1, exe: '/bin/cat' };

async function setting(mode: 'enforce' | 'shadow' = 'enforce') {
  const decision = new Decision(await loadPolicies({ name: 'p', text: POLICY }, FACTS), mode);
  const opened: Question[] = [];
  const resumed: bigint[] = [];
  const approvals = new Approvals({
    timeout: 60_000,
    kept: new KeptApprovals('/nonexistent'),
    opened: (question) => opened.push(question),
    withdrawn: () => undefined,
  });
  const held = new HeldCalls({ agent: 'a', decision, approvals }, (call) => resumed.push(call));
  const request = (action: FileAction, name: string): FileRequest => ({
    action,
    resource: { type: 'path', path: `/w/${name}` },
    program: { exe: '/bin/cat', uid: 0 },
  });
  const judge = (call: bigint, ...requests: FileRequest[]) =>
    held.judge(
      call,
      who,
      requests.map((each) => ({ request: each, decided: decision.decide(each) })),
    ).word;
  return { decision, opened, resumed, approvals, held, request, judge };
}

test('a call is held, begun again, and goes on as often as it asks', async () => {
  const { opened, resumed, approvals, request, judge, held, decision } = await setting();
  const read = request('FileOpenReadOnly', 'asked');
  expect(judge(1n, request('FileOpenReadOnly', 'other'))).toBe('goOn');
  expect(judge(1n, read)).toBe('hold');
  expect(resumed).toEqual([]);
  approvals.rule(opened[0]?.id ?? '', { effect: 'allow', scope: 'once' });
  expect(resumed).toEqual([1n]);
  expect([judge(1n, read), judge(1n, read)]).toEqual(['goOn', 'goOn']);
  expect(held.explain(1n, read, decision.decide(read))).toMatchObject({ effect: 'allow', approval: { by: 'once' } });
  expect(held.explain(0n, read, decision.decide(read))).not.toHaveProperty('approval');
  // The word was for that call.
  expect(judge(2n, read)).toBe('hold');
  approvals.rule(opened[1]?.id ?? '', { effect: 'deny', scope: 'once' });
  expect(judge(2n, read)).toBe('refuse');
  approvals.close();
});

test('all actions of a call are one question; one that is forbidden is never asked about', async () => {
  const { opened, approvals, request, judge } = await setting();
  expect(judge(1n, request('FileOpenReadOnly', 'asked'), request('FileDelete', 'asked'))).toBe('refuse');
  expect(opened).toEqual([]);
  expect(judge(2n, request('FileOpenReadOnly', 'asked'), request('FileWrite', 'asked'))).toBe('hold');
  expect(opened).toMatchObject([{ actions: ['FileOpenReadOnly', 'FileWrite'], policies: ['ask'] }]);
  approvals.rule(opened[0]?.id ?? '', { effect: 'allow', scope: 'session' });
  // Each action is approved by itself.
  expect(judge(3n, request('FileWrite', 'asked'))).toBe('goOn');
  approvals.close();
});

test('a call that is over gives its question up', async () => {
  const { approvals, request, judge, held } = await setting();
  judge(1n, request('FileWrite', 'asked'));
  expect(approvals.list()).toMatchObject([{ waiting: 1 }]);
  held.released(1n);
  held.released(1n);
  expect(approvals.list()).toMatchObject([{ waiting: 0 }]);
  approvals.close();
});

test('an approval of one policy text is none of another', async () => {
  const { opened, approvals, request, judge, decision } = await setting();
  judge(1n, request('FileWrite', 'asked'));
  approvals.rule(opened[0]?.id ?? '', { effect: 'allow', scope: 'session' });
  decision.replace(await loadPolicies({ name: 'p', text: POLICY.replace('May', 'Might') }, FACTS));
  expect(judge(1n, request('FileWrite', 'asked'))).toBe('hold');
  decision.replace(await loadPolicies({ name: 'p', text: `// moved\n${POLICY}` }, FACTS));
  expect(judge(2n, request('FileWrite', 'asked'))).toBe('goOn');
  approvals.close();
});

test('where nothing is stopped, nothing is held', async () => {
  const { opened, request, judge } = await setting('shadow');
  expect(judge(1n, request('FileWrite', 'asked'))).toBe('refuse');
  expect(opened).toEqual([]);
});
