import { expect, test } from 'vitest';
import { Decision } from '../../../src/decision/decision.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import { networkRules } from '../../../src/session/network-rules.ts';

const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/home/u', tmp: '/tmp' };
const TEXT = `permit(principal, action in Action::"NetworkConnect", resource == Host::"a.example");
forbid(principal, action == Action::"HttpRequest", resource == Host::"a.example") when { context.path like "/private/*" && context.method == "PUT" };`;

const rules = async (observes: boolean) =>
  networkRules(new Decision(await loadPolicies({ name: 'p.cedar', text: TEXT }, FACTS), 'enforce'), observes);

test('names lead somewhere if a connection may; paths and methods are read where a policy looks at them', async () => {
  const { mayConnect, readsPath, readsMethod } = await rules(false);
  expect([mayConnect?.('a.example'), mayConnect?.('b.example')]).toEqual([true, false]);
  expect([readsPath?.('a.example'), readsPath?.('b.example')]).toEqual([true, false]);
  expect([readsMethod?.('a.example'), readsMethod?.('b.example')]).toEqual([true, false]);
});

test('where nothing is stopped every name leads somewhere, and nothing is refused for being ambiguous', async () => {
  const { mayConnect, readsPath, readsMethod, namesType } = await rules(true);
  expect([mayConnect?.('b.example'), readsPath?.('a.example'), readsMethod?.('a.example')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(namesType?.({ effect: 'deny', enforced: true, policies: [], epoch: 1 })).toBe(true);
});

test('what is denied has no transport to be named by a permit; what is permitted is by the policies that say so', async () => {
  const { namesTransport, namesType } = await rules(false);
  expect(namesTransport?.({ effect: 'deny', enforced: true, policies: [], epoch: 1 })).toBe(true);
  expect(namesTransport?.({ effect: 'allow', enforced: true, policies: ['p.cedar:1'], epoch: 1 })).toBe(false);
  expect(namesType?.({ effect: 'deny', enforced: true, policies: [], epoch: 1 })).toBe(false);
});
