import { describe, expect, test } from 'vitest';
import { Decision } from '../../../src/decision/decision.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { PolicySet } from '../../../src/policy/policy-set.ts';
import type { Request } from '../../../src/schema/request.ts';
import { MODES } from '../../../src/schema/verdict.ts';

const FACTS = { agent: 'claude', session: 's', user: 'alice', workspace: '/w', home: '/h', tmp: '/tmp' };

function load(text: string): Promise<PolicySet> {
  return loadPolicies({ name: 'p.cedar', text }, FACTS);
}

function read(path: string, exe = '/bin/x', uid = 0): Request {
  return { action: 'FileOpenReadOnly', resource: { type: 'path', path }, program: { exe, uid } };
}

/** The same set, counting how often it is really asked. */
function counting(set: PolicySet): { set: PolicySet; asked: () => number } {
  let count = 0;
  const decide: PolicySet['decide'] = (request) => {
    count++;
    return set.decide(request);
  };
  return { set: { ...set, decide }, asked: () => count };
}

const WORKSPACE = '@id("ws") permit(principal, action, resource in Dir::"@workspace/");';

describe('Decision', () => {
  test.each(MODES)(
    'without a network, what is denied of it is enforced in mode %s, and files are as ever',
    async (mode) => {
      const decision = new Decision(await load(WORKSPACE), mode, true);
      const host = { type: 'host', name: 'a.test' } as const;
      const program = { exe: '/bin/x', uid: 0 };
      const requests: readonly Request[] = [
        { action: 'DnsResolve', resource: host, qtype: 'A' },
        { action: 'NetConnect', resource: host, program, port: 80, protocol: 'tcp', ip: '192.0.2.1' },
        { action: 'NetConnect', resource: host, program, port: 80, protocol: 'udp', ip: '192.0.2.1' },
      ];
      for (const request of requests)
        expect(decision.decide(request)).toMatchObject({ effect: 'deny', enforced: true });
      expect(decision.decide(read('/x')).enforced).toBe(mode === 'enforce');
    },
  );

  test.each(MODES)('in mode %s a denial is enforced only by enforce', async (mode) => {
    const decision = new Decision(await load(WORKSPACE), mode);
    expect(decision.decide(read('/w/a'))).toEqual({ effect: 'allow', policies: ['ws'], enforced: true, epoch: 1 });
    expect(decision.decide(read('/x'))).toEqual({
      effect: 'deny',
      policies: [],
      enforced: mode === 'enforce',
      epoch: 1,
    });
  });

  test('what was decided for an MCP server is not remembered for the agent, nor for another server', async () => {
    const decision = new Decision(
      await load('permit(principal, action in Action::"FileOpen", resource) when { context.proc.via == "mcp:files" };'),
      'enforce',
    );
    const by = (via?: string, ancestors: readonly string[] = []): Request =>
      ({
        ...read('/w/a'),
        program: { exe: '/bin/x', uid: 0, ancestors, ...(via !== undefined && { via }) },
      }) as Request;
    const asked = [
      by('mcp:files'),
      by(),
      by('mcp:./files'),
      by('mcp:?files'),
      by('mcp:Files'),
      by(undefined, ['mcp:files']),
      by('mcp:files\0'),
      by('mcp:files', ['/bin/sh']),
    ];
    for (let round = 0; round < 2; round++)
      expect(asked.map((request) => decision.decide(request).effect)).toEqual([
        'allow',
        ...Array.from({ length: 6 }, () => 'deny'),
        'allow',
      ]);
  });

  test('a replaced set decides at once, also what was decided before', async () => {
    const decision = new Decision(await load(WORKSPACE), 'enforce');
    expect(decision.decide(read('/w/a')).effect).toBe('allow');
    expect(decision.replace(await load('// nothing'))).toBe(2);
    expect(decision.decide(read('/w/a'))).toMatchObject({ effect: 'deny', epoch: 2 });
    expect(decision.epoch).toBe(2);
  });

  test('a record that comes late is explained by the set that decided it, and from memory', async () => {
    const decision = new Decision(await load('// nothing'), 'enforce');
    const asked: (() => number)[] = [];
    for (let epoch = 2; epoch <= 9; epoch++) {
      const counted = counting(await load(`@id("of ${epoch}") permit(principal, action, resource);`));
      asked.push(counted.asked);
      decision.replace(counted.set);
    }
    for (let epoch = 9; epoch >= 2; epoch--) {
      expect(decision.explain(read('/a'), epoch).policies).toEqual([`of ${epoch}`]);
      expect(decision.explain(read('/a'), epoch).policies).toEqual([`of ${epoch}`]);
    }
    expect(asked.map((count) => count())).toEqual(asked.map(() => 1));
    expect(decision.explain(read('/a'), 1).effect).toBe('deny');
  });

  test('repeated file requests are answered from memory; another program or user is another request', async () => {
    const { set, asked } = counting(
      await load(
        'permit(principal, action, resource) when { context has proc && context.proc.exe.name == "git" && context.proc.uid == 0 };',
      ),
    );
    const decision = new Decision(set, 'enforce');
    const effects = [
      read('/a', '/bin/git'),
      read('/a', '/bin/git'),
      read('/a', '/bin/sh'),
      read('/a', '/bin/git', 1),
    ].map((r) => decision.decide(r).effect);
    expect(effects).toEqual(['allow', 'allow', 'deny', 'deny']);
    expect(asked()).toBe(3);
  });

  test('execution is decided anew each time, because its arguments count', async () => {
    const decision = new Decision(
      await load('permit(principal, action == Action::"ProcessExec", resource) when { context.argv.contains("ok") };'),
      'enforce',
    );
    const exec = (...argv: string[]): Request => ({
      action: 'ProcessExec',
      resource: { type: 'path', path: '/a' },
      program: { exe: '/b', uid: 0 },
      argv,
    });
    expect([decision.decide(exec('ok')).effect, decision.decide(exec('no')).effect]).toEqual(['allow', 'deny']);
  });
});

test('what the set before decided is explained by that set', async () => {
  const decision = new Decision(await load(WORKSPACE), 'enforce');
  decision.replace(await load('@id("all") permit(principal, action, resource);'));
  expect(decision.explain(read('/w/a'), 1)).toMatchObject({ effect: 'allow', policies: ['ws'] });
  expect(decision.explain(read('/w/a'), 2)).toMatchObject({ effect: 'allow', policies: ['all'] });
});
