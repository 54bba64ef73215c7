// The shipped example policies and the demo's: they load, and decide what their README says.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEMO_POLICY } from '../../../src/cli/demo/launch.ts';
import { PACKAGE_ROOT } from '../../../src/host/paths.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { PolicySet } from '../../../src/policy/policy-set.ts';
import type { FileAction, ModelCall } from '../../../src/schema/request.ts';
import type { Effect } from '../../../src/schema/verdict.ts';

const EXAMPLES = path.join(PACKAGE_ROOT, 'examples');
const FACTS = { agent: 'a', session: 's', user: 'u', workspace: '/w', home: '/home/u', tmp: '/tmp' };
const PROGRAM = { exe: '/usr/bin/node', uid: 1000 };
const CLAUDE: ModelCall = { provider: 'anthropic', name: 'claude-x', tools: [], serverTools: [], mcpServers: [] };
const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

const load = (file: string): Promise<PolicySet> =>
  loadPolicies({ name: path.basename(file), text: readFileSync(file, 'utf8') }, FACTS);

const example = (name: string): Promise<PolicySet> => load(path.join(EXAMPLES, name, 'policy.cedar'));

const file = (set: PolicySet, action: FileAction, name: string) =>
  set.decide({ action, resource: { type: 'path', path: name }, program: PROGRAM });

const exec = (set: PolicySet, name: string) =>
  set.decide({ action: 'ProcessExec', resource: { type: 'path', path: name }, program: PROGRAM, argv: [name] });

const connect = (set: PolicySet, name: string, port: number) =>
  set.decide({
    action: 'NetConnect',
    resource: { type: 'host', name },
    program: PROGRAM,
    port,
    protocol: 'tcp',
    ip: '198.18.1.1',
  });

test.each(folders.map(({ name }) => name))('%s loads without a note and is explained', async (name) => {
  expect((await example(name)).notes).toEqual([]);
  expect(readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8')).toContain(`--policy examples/${name}/policy.cedar`);
});

test('01-read-only', async () => {
  const set = await example('01-read-only');
  expect(file(set, 'FileOpenReadOnly', '/w/a').effect).toBe('allow');
  for (const action of ['FileWrite', 'FileCreate', 'FileDelete'] as const) {
    expect(file(set, action, '/w/a').effect).toBe('deny');
  }
  expect(set.mayConnect('example.com')).toBe(false);
});

test('02-one-host', async () => {
  const set = await example('02-one-host');
  expect(connect(set, 'example.com', 443).effect).toBe('allow');
  expect(connect(set, 'example.com', 80).effect).toBe('deny');
  expect(connect(set, 'example.org', 443).policies).toEqual(['only-example']);
  expect(set.mayConnect('example.org')).toBe(false);
});

test('03-shadow', async () => {
  const set = await example('03-shadow');
  expect(file(set, 'FileDelete', '/w/note.txt')).toMatchObject({ effect: 'allow', shadow: 'deny' });
  expect(file(set, 'FileDelete', '/w/note.md').shadow).toBeUndefined();
});

test('04-models', async () => {
  const set = await example('04-models');
  const ask = (model?: Partial<ModelCall>): readonly string[] =>
    set.decide({
      action: 'HttpRequest',
      resource: { type: 'host', name: 'api.anthropic.com' },
      program: PROGRAM,
      port: 443,
      method: 'POST',
      path: '/v1/messages',
      query: '',
      scheme: 'https',
      headers: new Map(),
      ...(model && { model: { ...CLAUDE, ...model } }),
    }).policies;
  expect(ask()).toEqual(['anything']);
  expect(ask({ tools: ['Bash'] })).toEqual(['anything']);
  expect(ask({ name: 'gpt-5' })).toEqual(['claude-at-anthropic']);
  expect(ask({ provider: 'openrouter' })).toEqual(['claude-at-anthropic']);
  expect(ask({ mcpServers: ['https://mcp.example/sse'] })).toEqual(['no-mcp-at-the-provider']);
  expect(ask({ serverTools: ['web_search'] })).toEqual(['no-tools-at-the-provider']);
  expect(set.looks('any.example').model).toBe('enforced');
});

describe('demo.cedar', () => {
  const cases: readonly [FileAction, string, Effect, string][] = [
    ['FileOpenReadOnly', '/w/total.mjs', 'allow', 'demo-read'],
    ['FileOpenReadOnly', '/w/secrets/prod.key', 'deny', 'demo-project-secrets'],
    ['FileOpenReadOnly', '/usr/share/secrets/a', 'allow', 'demo-read'],
    ['FileOpenReadOnly', '/home/u/.ssh/id_ed25519', 'deny', 'demo-keys'],
    ['FileOpenReadOnly', '/home/u/.ssh/', 'deny', 'demo-keys'],
    ['FileWrite', '/w/total.mjs', 'allow', 'demo-change'],
    ['FileRename', '/w/secrets/', 'deny', 'demo-project-secrets'],
    ['FileDelete', '/usr/lib/a', 'deny', 'demo-delete-outside'],
    ['FileDelete', '/home/u/.local/share/leash/agents/x', 'deny', 'demo-agent-store'],
    ['FileDelete', '/home/u/.claude.json', 'allow', 'demo-change'],
  ];

  test.each(cases)('%s %s: %s by %s', async (action, name, effect, policy) => {
    const verdict = file(await load(DEMO_POLICY), action, name);
    expect(verdict.effect).toBe(effect);
    expect(verdict.policies).toContain(policy);
    if (effect === 'deny') expect(verdict.reason).toBeTruthy();
  });

  test('writing elsewhere is permitted by nothing', async () => {
    expect(file(await load(DEMO_POLICY), 'FileWrite', '/usr/lib/a')).toMatchObject({ effect: 'deny', policies: [] });
  });

  test('programs and hosts', async () => {
    const set = await load(DEMO_POLICY);
    expect(exec(set, '/usr/bin/node').effect).toBe('allow');
    for (const name of ['/usr/bin/wget', '/usr/bin/sudo', '/usr/bin/su']) {
      expect(exec(set, name).policies).toEqual(['demo-programs']);
    }
    expect(connect(set, 'api.anthropic.com', 443).effect).toBe('allow');
    expect(connect(set, 'api.anthropic.com', 80).policies).toEqual(['demo-https-only']);
    expect(connect(set, 'exfil.example', 443).policies).toEqual(['demo-model-only']);
    expect(set.mayConnect('exfil.example')).toBe(false);
  });
});
