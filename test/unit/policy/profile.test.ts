import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/host/paths.ts';
import { TABLE_ALLOW, TABLE_DENY } from '../../../src/policy/compile/image.ts';
import { tableVerdict } from '../../../src/policy/compile/table-verdict.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { PolicySet } from '../../../src/policy/policy-set.ts';
import {
  composeProfiles,
  defaultProfile,
  defaultProfileName,
  isProfile,
  listProfiles,
  profileNames,
  profilesInForce,
} from '../../../src/policy/profile.ts';
import { readCases } from '../../../src/policy/suite/cases.ts';
import { splitStatements } from '../../../src/policy/text/statements.ts';
import { agentNames, findAgent } from '../../../src/sandbox/agents/catalog.ts';
import type { Request } from '../../../src/schema/request.ts';
import { FACTS, judge, prepare } from './judge.ts';

const FOLDER = path.join(PACKAGE_ROOT, 'policies');

/** A composition, known to the judge under the same name. */
async function load(names: readonly string[], agent?: string): Promise<PolicySet> {
  const source = composeProfiles(names, agent);
  const set = await loadPolicies(source, FACTS);
  const statements = splitStatements(source.text);
  prepare(source.name, Object.fromEntries(set.policies.map((id, i) => [id, statements[i]?.text ?? ''])));
  return set;
}

function ownIds(name: string): readonly string[] {
  const { text, sections = [] } = composeProfiles([name]);
  const index = sections.findIndex((section) => section.name === `${name}.cedar`);
  const own = text.slice(sections[index]?.start ?? 0, sections[index + 1]?.start);
  return [...own.matchAll(/^@id\("([^"]+)"\)$/gm)].map(([, id = '']) => id);
}

function expectTable(set: PolicySet, request: Request, effect: string): void {
  if (request.resource.type !== 'path') return;
  expect(tableVerdict(set.image, request, 'enforced')).toBe(effect === 'allow' ? TABLE_ALLOW : TABLE_DENY);
}

describe.each(profileNames())('the profile %s', (name) => {
  const cases = readCases(readFileSync(path.join(FOLDER, `${name}.cases`), 'utf8'), FACTS);
  const label = composeProfiles([name]).name;
  let set: PolicySet;
  beforeAll(async () => {
    set = await load([name]);
  });

  test.each(cases.map((c) => [c.line, c] as const))('%s', (_, { effect, policies, request }) => {
    const verdict = set.decide(request);
    expect({ effect: verdict.effect, policies: verdict.policies.toSorted() }).toEqual({ effect, policies });
    expect(judge(label, request)).toEqual({ effect, policies, errors: [] });
    expectTable(set, request, effect);
  });

  test('has enough cases, and each of its own policies determines one', () => {
    expect(cases.length).toBeGreaterThanOrEqual(15);
    const used = new Set(cases.flatMap(({ policies }) => policies));
    expect(ownIds(name).length).toBeGreaterThan(0);
    expect(ownIds(name).filter((id) => !used.has(id))).toEqual([]);
  });

  test('gives every policy an id and every forbid a reason, and needs no rewriting', () => {
    const statements = splitStatements(composeProfiles([name]).text).map(({ text }) => text);
    expect(statements.filter((text) => !text.startsWith('@id("'))).toEqual([]);
    const forbids = statements.filter((text) => /^(@.*\n)*forbid/.test(text));
    expect(forbids.filter((text) => !text.includes('@reason("'))).toEqual([]);
    expect(set.notes).toEqual([]);
  });

  test('opens with a sentence about itself', () => {
    const { summary } = listProfiles().find((profile) => profile.name === name) ?? {};
    expect(summary).toMatch(/^[a-z].*\.$/);
  });
});

test('every file of policies/ is a profile or the demo', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.cedar'));
  expect(files.map((file) => path.parse(file).name).sort()).toEqual([...profileNames(), 'demo'].sort());
  expect(isProfile('coder')).toBe(true);
  expect(isProfile('constructor')).toBe(false);
});

test('all profiles together are one policy set: no id is taken twice', async () => {
  const set = await load(profileNames());
  expect(new Set(set.policies).size).toBe(set.policies.length);
});

test('what is called no-… or readonly takes away and permits nothing', () => {
  for (const { name } of listProfiles().filter((profile) => /^no-|^readonly$/.test(profile.name))) {
    const { text, sections = [] } = composeProfiles(['base', name]);
    expect(text.slice(sections.at(-1)?.start)).not.toMatch(/^permit/m);
  }
});

describe('the default', () => {
  test.each([
    ['claude', 'claude'],
    ['opencode', 'opencode'],
    ['make', 'coder'],
    ['base', 'coder'],
    ['node', 'coder'],
    ['strict', 'coder'],
    ['constructor', 'coder'],
    [undefined, 'coder'],
  ])('for the command %s is %s', (agent, name) => {
    expect(defaultProfileName(agent)).toBe(name);
    expect(defaultProfile(agent).name).toBe(name);
  });

  test('there is one for every agent that Leash knows, which permits where its model is, as coder does', async () => {
    const coder = await load(['coder']);
    for (const agent of agentNames()) {
      const own = await load([], agent);
      for (const host of findAgent(agent)?.hosts ?? [])
        expect([agent, host, own.mayConnect(host)]).toEqual([agent, host, true]);
      const hosts = [...defaultProfile(agent).text.matchAll(/Host::"([^"*]+)"/g)].map(([, host = '']) => host);
      expect(hosts.filter((host) => own.mayConnect(host) && !coder.mayConnect(host))).toEqual([]);
    }
  });

  test.each([
    [['node'], undefined, 'coder,node'],
    [['node', 'no-secrets'], 'claude', 'claude,node,no-secrets'],
    [['no-network'], 'qwen', 'qwen,no-network'],
    [['base', 'node'], 'claude', 'base,node'],
    [['strict'], 'claude', 'strict'],
  ])('joins additions: %j for %s is %s', (names, agent, label) => {
    expect(composeProfiles(names, agent).name).toBe(label);
    expect(profilesInForce(names, agent).join()).toBe(label);
  });

  test('does not join a file, which says all by itself', () => {
    const own = { name: 'p.cedar', text: 'permit(principal, action, resource)' };
    expect(composeProfiles([], 'claude', own)).toEqual(own);
    const both = composeProfiles(['no-network'], 'claude', own);
    expect(both).toMatchObject({
      name: 'p.cedar,no-network',
      sections: [{ name: 'p.cedar' }, { name: 'no-network.cedar' }],
    });
    expect(both.text.startsWith('permit(principal, action, resource)\n//')).toBe(true);
  });
});

const ALL = 'permit(principal, action, resource);';
const http = (name: string, port: number): Request => ({
  action: 'HttpRequest',
  resource: { type: 'host', name },
  program: { exe: '/usr/bin/node', uid: 1000 },
  port,
  method: 'GET',
  path: '/',
  query: '',
  scheme: 'https',
  headers: new Map(),
});
const read = (file: string): Request => ({
  action: 'FileOpenReadOnly',
  resource: { type: 'path', path: file },
  program: { exe: '/usr/bin/node', uid: 1000 },
});

describe('a composed set', () => {
  test.each([
    ['node,no-secrets', undefined, http('npm.registry.example', 443), 'allow', ['node-registry']],
    ['node,no-secrets', undefined, http('npm.registry.example', 80), 'deny', []],
    ['node,no-secrets', undefined, read('/w/.env'), 'deny', ['no-secrets-env']],
    ['node,no-secrets', undefined, read('/w/a.ts'), 'allow', ['read-files']],
    ['node,python', undefined, http('pip.registry.example', 4873), 'allow', ['python-registry']],
    ['node,python', undefined, http('api.openai.com', 443), 'allow', ['model-providers']],
    ['node', 'claude', http('api.anthropic.com', 443), 'allow', ['claude-hosts']],
    ['node', 'claude', http('api.openai.com', 443), 'deny', []],
    ['coder,no-network', undefined, http('api.openai.com', 443), 'deny', ['no-network']],
    ['node,no-network', 'claude', http('npm.registry.example', 443), 'deny', ['no-network']],
    ['strict', 'codex', http('api.openai.com', 443), 'allow', ['codex-hosts']],
    ['strict', 'codex', http('api.anthropic.com', 443), 'deny', []],
    ['strict', 'codex', http('github.com', 443), 'deny', []],
    ['strict,node', 'codex', http('npm.registry.example', 443), 'allow', ['node-registry']],
    ['strict,node', 'codex', http('npm.registry.example', 4873), 'deny', ['strict-https-only']],
    ['strict,readonly', 'codex', read('/srv/x'), 'deny', ['strict-read']],
    ['claude,codex', undefined, http('api.openai.com', 443), 'allow', ['codex-hosts']],
    ['base,node', undefined, http('github.com', 443), 'deny', []],
  ] as const)('%s for %s: %j is %s by %j', async (list, agent, request, effect, policies) => {
    const set = await load(list.split(','), agent);
    const verdict = set.decide(request);
    expect({ effect: verdict.effect, policies: verdict.policies }).toEqual({ effect, policies });
    expect(judge(composeProfiles(list.split(','), agent).name, request)).toEqual({ effect, policies, errors: [] });
    expectTable(set, request, effect);
  });

  test('has no name that the agent could take on', async () => {
    const set = await load(['node']);
    for (const name of ['@registry/npm', '*.anthropic.com']) {
      expect(set.decide({ action: 'DnsResolve', resource: { type: 'host', name }, qtype: 'A' }).effect).toBe('deny');
      expect(set.decide(http(name, 443)).effect).toBe('deny');
    }
  });

  test.each([
    '@mode("shadow")',
    '@reason("x") // end',
    'permit(principal, action, resource)',
    'permit(principal, action',
  ])('refuses a file that ends in %s: it would go on in the next text', async (text) => {
    const source = composeProfiles(['no-network'], undefined, { name: 'p.cedar', text: `${ALL}\n${text}` });
    const details = await loadPolicies(source, FACTS).catch((error) => error.details);
    expect(details).toEqual(expect.arrayContaining(['p.cedar:2:1: the policy is not finished at the end of p.cedar']));
  });

  test('a comment at the end of a file ends with it', async () => {
    const source = composeProfiles(['no-network'], undefined, { name: 'p.cedar', text: `${ALL} // all` });
    expect((await loadPolicies(source, FACTS)).policies).toEqual(['p.cedar:1', 'no-network']);
  });

  test('tells faults in the text they are in', async () => {
    const own = { name: 'p.cedar', text: '\n  permit(principal, action == Action::"Fly", resource);' };
    const twice = { name: 'p.cedar', text: '@id("no-network") permit(principal, action, resource);' };
    const faults = (source: typeof own): Promise<unknown> =>
      loadPolicies(composeProfiles(['no-network'], undefined, source), FACTS).catch((error) => error.details);
    expect(await faults(own)).toEqual(expect.arrayContaining([expect.stringMatching(/^p\.cedar:2:3/)]));
    expect(await faults(twice)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^no-network\.cedar:6:1: .*taken by the policy in line 1 of p\.cedar/),
      ]),
    );
  });
});
