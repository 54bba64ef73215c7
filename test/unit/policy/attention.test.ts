// For which hosts a policy set looks at path, method, or what is asked of a model: never fewer than it does.
import { expect, test } from 'vitest';
import { Attention } from '../../../src/policy/attention.ts';
import { statementToJson } from '../../../src/policy/check/cedar.ts';
import { Authorizer } from '../../../src/policy/evaluate/authorizer.ts';
import { type Policy, readPolicy } from '../../../src/policy/evaluate/policy.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { HttpRequest } from '../../../src/schema/request.ts';
import { cedar, FACTS } from './judge.ts';
import { Generator } from './random-policies.ts';

async function attentive(text: string, ...hosts: readonly string[]): Promise<readonly string[]> {
  const set = await loadPolicies({ name: 'case.cedar', text }, FACTS);
  return hosts.map((host) => set.looks(host).model);
}

const HTTP = 'principal, action == Action::"HttpRequest", resource';
const WHEN = 'when { context has model && context.model.name == "x" }';

test.each([
  ['none speaks of it', `permit(principal, action, resource);`, ['no', 'no']],
  ['any host', `forbid(${HTTP}) ${WHEN};`, ['enforced', 'enforced']],
  ['unless', `permit(${HTTP}) unless { context has model };`, ['enforced', 'enforced']],
  ['one host', `forbid(${HTTP} == Host::"a.example") ${WHEN};`, ['enforced', 'no']],
  ['one port of a host', `forbid(${HTTP} in Host::"a.example:443") ${WHEN};`, ['enforced', 'no']],
  ['hosts below a name', `forbid(${HTTP} in Host::"*.example") ${WHEN};`, ['enforced', 'enforced']],
  [
    'by a name in the context',
    `forbid(${HTTP}) when { context.hostname == "b.example" && context has model };`,
    ['no', 'enforced'],
  ],
  ['in shadow', `@mode("shadow") forbid(${HTTP}) ${WHEN};`, ['shadow', 'shadow']],
  [
    'in shadow, and for one host in earnest',
    `@mode("shadow") forbid(${HTTP}) ${WHEN}; permit(${HTTP} == Host::"a.example") ${WHEN};`,
    ['enforced', 'shadow'],
  ],
  ['asking', `@ask("Really?") permit(${HTTP}) ${WHEN};`, ['enforced', 'enforced']],
  [
    'of another action',
    `forbid(principal, action == Action::"NetConnect", resource) when { context.hostname == "a.example" };`,
    ['no', 'no'],
  ],
  ['of something else', `forbid(${HTTP}) when { context.method == "POST" && context has git };`, ['no', 'no']],
  [
    'in a branch',
    `forbid(${HTTP}) when { if context.port == 1 then true else (context has model && context.model.tools.contains("x")) };`,
    ['enforced', 'enforced'],
  ],
])('%s', async (_name, text, expected) => {
  expect(await attentive(text, 'a.example', 'b.example')).toEqual(expected);
});

test('what is remembered of hosts is bounded and stays right', async () => {
  const set = await loadPolicies({ name: 'case.cedar', text: `forbid(${HTTP} == Host::"a.example") ${WHEN};` }, FACTS);
  for (let n = 0; n < 3000; n++) expect(set.looks(`h${n}.example`).model).toBe('no');
  expect(set.looks('a.example').model).toBe('enforced');
});

const policy = (text: string, index = 0): Policy =>
  readPolicy({ id: `p${index}`, shadow: false, json: statementToJson(text) });
const http = (resource: string, condition?: string): string =>
  `permit(principal, action == Action::"HttpRequest", ${resource})${condition === undefined ? '' : ` when { ${condition} }`};`;

function looks(host: string, ...texts: readonly string[]): string {
  const { path, method } = new Attention(
    texts.map((text) => policy(text)),
    FACTS,
  ).to(host);
  return `${path === 'no' ? '' : 'path'} ${method === 'no' ? '' : 'method'}`.trim();
}

test.each([
  ['', http('resource')],
  ['', http('resource', 'context.port == 443 && context.query == "" && context has headers')],
  ['path', http('resource', 'context.path like "/v1/*"')],
  ['path', http('resource == Host::"a.com"', 'context has path')],
  ['path', http('resource in Host::"*.com"', 'context.path == "/"')],
  ['', http('resource == Host::"b.org"', 'context.path == "/"')],
  ['method', http('resource', '["GET", "HEAD"].contains(context.method)')],
  ['path method', http('resource', 'context has git && context.git.operation == "fetch"')],
  ['path method', http('resource', '!(context has model)')],
  ['path method', http('resource in Repository::"a.com/team/"')],
  ['', http('resource in Repository::"b.org/team/"')],
  ['path method', http('resource', 'resource in [Repository::"a.com/team/app"]')],
  ['path method', http('resource', 'context == context')],
  ['', 'permit(principal, action == Action::"NetConnect", resource) when { context.port == 443 };'],
  ['path', 'forbid(principal, action in Action::"NetworkConnect", resource) when { context has path };'],
  ['', 'permit(principal == Agent::"codex", action, resource) when { context has path };'],
])('%j: %s', (expected, text) => {
  expect(looks('a.com', text)).toBe(expected);
});

test('what one policy does not look at, another may', () => {
  const [one, two] = [
    http('resource == Host::"a.com"', 'context.path == "/"'),
    http('resource', 'context.method == "GET"'),
  ];
  expect(looks('a.com', one, two)).toBe('path method');
  expect(looks('b.org', one, two)).toBe('method');
});

test('where nothing looks at path or method, no decision depends on them', () => {
  const generator = new Generator(31);
  generator.family = 'http';
  const { random } = generator;
  const seen = { path: 0, method: 0 };
  for (let i = 0; i < 400; i++) {
    const texts = Array.from({ length: 1 + random.below(4) }, () => generator.policy()).filter(
      (text) => cedar.policyToJson(text).type === 'success',
    );
    const policies = texts.map(policy);
    const attention = new Attention(policies, FACTS);
    const authorizer = new Authorizer(policies, FACTS);
    for (let k = 0; k < 4; k++) {
      const request = generator.request([]);
      if (request.action !== 'HttpRequest') continue;
      const { git: _git, model: _model, ...bare } = request;
      const host = bare.resource.name;
      const changed = (changes: Partial<HttpRequest>): HttpRequest => ({ ...bare, ...changes });
      const git = { operation: 'push', repository: `${host}/team/app` } as const;
      const { path, method } = attention.to(host);
      const decided = (one: HttpRequest): unknown => {
        const { effect, policies: determining } = authorizer.decide(one);
        return { effect, determining };
      };
      const before = decided(bare);
      if (path !== 'no') seen.path++;
      else
        for (const other of [changed({ path: '/v1/x' }), changed({ path: '/v1', git })])
          expect(decided(other)).toEqual(before);
      if (method !== 'no') seen.method++;
      else
        for (const other of [changed({ method: 'POST' }), changed({ method: 'GET', git })])
          expect(decided(other)).toEqual(before);
    }
  }
  expect(seen.path).toBeGreaterThan(50);
  expect(seen.path).toBeLessThan(1_500);
});
