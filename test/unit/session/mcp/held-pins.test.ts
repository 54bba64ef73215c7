import { expect, test } from 'vitest';
import { Approvals } from '../../../../src/decision/approvals.ts';
import { Decision } from '../../../../src/decision/decision.ts';
import { KeptApprovals } from '../../../../src/decision/kept-approvals.ts';
import type { PinQuestion } from '../../../../src/mcp/tool-pins.ts';
import { loadPolicies } from '../../../../src/policy/load.ts';
import type { Question } from '../../../../src/schema/approval.ts';
import type { McpRequest } from '../../../../src/schema/request.ts';
import { askAboutPin } from '../../../../src/session/mcp/held-pins.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/h', tmp: '/tmp' };
const REQUEST: McpRequest = {
  action: 'McpCall',
  resource: { type: 'tool', name: 't', server: 's' },
  method: 'tools/call',
  args: new Map([['secret', 'x']]),
};
const question = (digest: string): PinQuestion => ({
  text: 'It changed. Call it all the same?',
  subject: ['s', 't', digest],
  fields: ['description'],
  approve: () => {},
});

async function setting(timeout: number) {
  const decision = new Decision(await loadPolicies({ name: 'p', text: '' }, FACTS), 'enforce');
  const opened: Question[] = [];
  const approvals = new Approvals({
    timeout,
    kept: new KeptApprovals('/nonexistent'),
    opened: (each) => opened.push(each),
    withdrawn: () => undefined,
  });
  const end = new AbortController();
  const ask = (digest: string) =>
    askAboutPin({ agent: 'a', decision, approvals }, REQUEST, question(digest), { signal: end.signal });
  return { opened, approvals, end, ask };
}

test('without a person it is refused, with the question as the reason', async () => {
  const { ask } = await setting(0);
  expect(await ask('1')).toMatchObject({
    effect: 'deny',
    enforced: true,
    policies: [],
    reason: 'a person must agree, and nobody was asked: It changed. Call it all the same?',
    approval: { by: 'nobody' },
  });
});

test('a person sees what changed, and a word for the session holds for this definition alone', async () => {
  const { opened, approvals, ask } = await setting(60_000);
  const answer = ask('1');
  expect(opened).toMatchObject([
    { actions: ['McpCall'], resource: { name: 't', server: 's' }, particulars: { changed: ['description'] } },
  ]);
  // An edit of the policy changes nothing about it.
  approvals.rejudge();
  await Promise.resolve();
  approvals.rule(opened[0]?.id ?? '', { effect: 'allow', scope: 'session' });
  expect(await answer).toMatchObject({ effect: 'allow', enforced: true, approval: { by: 'session' } });
  expect(await ask('1')).toMatchObject({ effect: 'allow' });
  const other = ask('2');
  expect(opened).toHaveLength(2);
  approvals.rule(opened[1]?.id ?? '', { effect: 'deny', scope: 'session' });
  expect(await other).toMatchObject({ effect: 'deny', approval: { by: 'denied' } });
  expect(await ask('2')).toMatchObject({ effect: 'deny', approval: { by: 'denied' } });
});

test('whoever waits no more is refused', async () => {
  const { end, ask } = await setting(60_000);
  const answer = ask('1');
  end.abort();
  expect(await answer).toMatchObject({ effect: 'deny', approval: { by: 'withdrawn' } });
});
