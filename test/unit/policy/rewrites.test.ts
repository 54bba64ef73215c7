import { expect, it } from 'vitest';
import { LeashError } from '../../../src/host/errors.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { PolicySet } from '../../../src/policy/policy-set.ts';

const FACTS = { agent: 'claude', session: 's', user: 'me', workspace: '/w', home: '/home/me', tmp: '/tmp' };
const load = (text: string): Promise<PolicySet> => loadPolicies({ name: 'p.cedar', text }, FACTS);
const permit = (condition: string, scope = 'resource == Host::"api.test"'): string =>
  `permit(principal, action == Action::"HttpRewrite", ${scope}) when { ${condition} };`;

it.each([
  ['one pair', 'context.header == "X-Key" && context.value == "a b"', ['X-Key: a b']],
  ['the other way round', '"v" == context.value && "x" == context.header', ['x: v']],
  [
    'pairs that belong together',
    '(context.header == "a" && context.value == "1") || (context.header == "b" && context.value == "2")',
    ['a: 1', 'b: 2'],
  ],
  ['sets', '["a", "b"].contains(context.header) && context.value == "1"', ['a: 1', 'b: 1']],
  ['no value', 'context.header == "a"', []],
  ['a pattern', 'context.header == "a" && context.value like "x*"', []],
])('%s', async (_what, condition, pairs) => {
  const set = await load(permit(condition));
  expect(set.rewrites().map(({ header, value }) => `${header}: ${value}`)).toEqual(pairs);
  expect(set.rewrites()).toBe(set.rewrites());
});

it('names nothing for a forbid, a shadow policy or another action', async () => {
  const condition = 'context.header == "a" && context.value == "1"';
  const text = `forbid(principal, action == Action::"HttpRewrite", resource) when { ${condition} };
    @mode("shadow") ${permit(condition)}
    permit(principal, action == Action::"SecretUse", resource) when { context.header == "a" };`;
  expect((await load(text)).rewrites()).toEqual([]);
});

it.each([
  ['Host', 'evil.test', 'the header Host is not for a policy to set'],
  ['content-length', '1', 'the header content-length is not for a policy to set'],
  ['Transfer-Encoding', 'chunked', 'not for a policy to set'],
  ['connection', 'close', 'not for a policy to set'],
  ['proxy-authorization', 'x', 'not for a policy to set'],
  [':path', '/', '":path" is no name of a header'],
  ['a b', '1', '"a b" is no name of a header'],
  ['x', 'a\\r\\nHost: b', 'is no value that a header can have'],
  ['x', ' a', 'is no value that a header can have'],
])('refuses %s: %s, with its place', async (header, value, message) => {
  const text = `permit(principal, action == Action::"DnsResolve", resource);\n${permit(`context.header == "${header}" && context.value == "${value}"`)}`;
  const error = await load(text).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(LeashError);
  const lines = (error as LeashError).details.join('\n');
  expect(lines).toContain(message);
  expect(lines).toMatch(/p\.cedar:2:\d+/);
});
