import { expect, test } from 'vitest';
import { Approvals } from '../../../src/decision/approvals.ts';
import { Decision } from '../../../src/decision/decision.ts';
import { KeptApprovals } from '../../../src/decision/kept-approvals.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { Question } from '../../../src/schema/approval.ts';
import type { ConnectRequest, HttpRequest } from '../../../src/schema/request.ts';
import { subjectNow } from '../../../src/session/held-calls.ts';
import { HeldRequests } from '../../../src/session/held-requests.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
const POLICY = `permit(principal, action, resource);
@id("ask") @ask("May it?") forbid(principal, action in Action::"NetworkConnect", resource);`;
const resource = { type: 'host', name: 'a.test' } as const;
const get = (path: string): HttpRequest => ({
  action: 'HttpRequest',
  resource,
  program: { exe: '/bin/nc', uid: 0 },
  port: 80,
  method: 'GET',
  path,
  query: '',
  scheme: 'http',
  headers: new Map(),
});
const connect = (): ConnectRequest => ({
  action: 'NetConnect',
  resource,
  program: { exe: '/bin/nc', uid: 0 },
  port: 80,
  protocol: 'tcp',
  ip: '198.18.1.0',
});

async function setting() {
  const decision = new Decision(await loadPolicies({ name: 'p', text: POLICY }, FACTS), 'enforce');
  const opened: Question[] = [];
  const approvals = new Approvals({
    timeout: 60_000,
    kept: new KeptApprovals('/nonexistent'),
    opened: (question) => opened.push(question),
    withdrawn: () => undefined,
  });
  const context = { agent: 'a', decision, approvals };
  const end = new AbortController();
  const asker = { who: { pid: 7, parent: 1, exe: '/bin/nc' }, program: { exe: '/bin/nc', uid: 0 }, signal: end.signal };
  return { decision, opened, approvals, context, requests: new HeldRequests(context), end, asker };
}

test('a request waits for the word, and what was approved stays so over reloads that ask the same', async () => {
  const { decision, opened, approvals, requests, asker } = await setting();
  const request = get('/a');
  const settled = requests.ask(request, asker);
  expect(opened).toMatchObject([{ actions: ['HttpRequest'], who: { exe: '/bin/nc' } }]);
  approvals.rule(opened[0]?.id ?? '', { effect: 'allow', scope: 'once' });
  expect(await settled).toMatchObject({ effect: 'allow', enforced: true, approval: { by: 'once' }, policies: ['ask'] });
  expect(requests.decide(request, asker.program).effect).toBe('allow');
  expect(requests.decide(get('/a'), asker.program).effect).toBe('deny');
  decision.replace(await loadPolicies({ name: 'p', text: `${POLICY} // again` }, FACTS));
  expect(requests.decide(request, asker.program).effect).toBe('allow');
  decision.replace(await loadPolicies({ name: 'p', text: POLICY.replace('May', 'Might') }, FACTS));
  expect(requests.decide(request, asker.program).effect).toBe('deny');
  approvals.close();
});

test('a reload answers who waits', async () => {
  const { decision, approvals, requests, asker } = await setting();
  const settled = requests.ask(get('/a'), asker);
  decision.replace(await loadPolicies({ name: 'p', text: 'permit(principal, action, resource);' }, FACTS));
  approvals.rejudge();
  expect(await settled).toMatchObject({ effect: 'allow', epoch: 2 });
});

test('who hangs up waits no more', async () => {
  const { approvals, requests, asker, end } = await setting();
  const settled = requests.ask(get('/a'), asker);
  end.abort();
  expect(await settled).toMatchObject({ effect: 'deny', approval: { by: 'withdrawn' } });
  expect(await requests.ask(get('/a'), asker)).toMatchObject({ approval: { by: 'withdrawn' } });
  expect(approvals.list()).toMatchObject([{ waiting: 0 }]);
  approvals.close();
});

test('a connect call that was approved is one connection, and no other', async () => {
  const { decision, approvals, requests, context } = await setting();
  const request = connect();
  expect(requests.decide(request).effect).toBe('deny');
  approvals.leavePass(subjectNow(request, decision.decide(request), context));
  expect(requests.decide(request)).toMatchObject({ effect: 'allow', approval: { by: 'once' } });
  expect(requests.decide(request).effect).toBe('allow');
  expect(requests.decide(connect()).effect).toBe('deny');
});
