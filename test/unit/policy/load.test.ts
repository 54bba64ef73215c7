import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LeashError } from '../../../src/host/errors.ts';
import { loadPolicies } from '../../../src/policy/load.ts';
import type { McpRequest, Request } from '../../../src/schema/request.ts';

const FACTS = { agent: 'claude', session: 's1', user: 'alice', workspace: '/w', home: '/home/u', tmp: '/tmp' };
const TEXT =
  '@id("mine") permit(principal, action == Action::"FileOpen", resource in Dir::"@workspace/") when { principal.session == "s1" };';
const SOURCE = { name: 'p.cedar', text: TEXT };
const REQUEST = {
  action: 'FileWrite',
  resource: { type: 'path', path: '/w/a' },
  program: { exe: '/bin/x', uid: 0 },
} as const;

let cacheDir: string;
beforeEach(() => {
  cacheDir = fs.mkdtempSync(path.join(os.tmpdir(), 'leash-policy-'));
});
afterEach(() => {
  fs.rmSync(cacheDir, { recursive: true });
  vi.doUnmock('../../../src/policy/check/check-guarded.ts');
});

function entries(): string[] {
  return fs.readdirSync(path.join(cacheDir, 'policy')).map((name) => path.join(cacheDir, 'policy', name));
}

/** From here on the Cedar library and the checker cannot be loaded. */
function withoutCedar(): void {
  vi.doMock('../../../src/policy/check/check-guarded.ts', () => {
    throw new Error('the cache should have answered');
  });
}

const TOOLS = 'permit(principal, action == Action::"McpCall", resource) when { context.server == "fs" };';

describe('a call of MCP', () => {
  test('is decided, and known to be', async () => {
    const set = await loadPolicies({ name: 'p', text: TOOLS }, FACTS);
    const call = (server: string): Request => ({
      action: 'McpCall',
      resource: { type: 'tool', name: 'read', server },
      method: 'tools/call',
      args: new Map(),
    });
    expect(set.decide(call('fs'))).toEqual({ effect: 'allow', policies: ['p:1'] });
    expect(set.decide(call('git')).effect).toBe('deny');
    expect(set.mcp()).toEqual({ calls: 'enforced', args: 'no' });
    expect([set.mayCall(call('fs') as McpRequest), set.mayCall(call('git') as McpRequest)]).toEqual([true, false]);
  });
});

describe('loadPolicies', () => {
  test.each([
    ['permit(principal, action == Action::"ProcessExec", resource) when { context has sha256 };', true],
    ['permit(principal, action == Action::"ProcessExec", resource) when { context.proc has sha256 };', true],
    ['permit(principal, action, resource) when { context has proc.sha256 };', true],
    ['@mode("shadow") forbid(principal, action == Action::"ProcessExec", resource) when { context has sha256 };', true],
    ['permit(principal, action, resource);', false],
  ])('%s asks for content: %s', async (text, asks) => {
    expect((await loadPolicies({ name: 'p', text }, FACTS, { cacheDir })).readsContent).toBe(asks);
    expect((await loadPolicies({ name: 'p', text }, FACTS, { cacheDir })).readsContent).toBe(asks);
  });

  test('groups and profiles are decided on, and part of the cache key', async () => {
    const text = `permit(principal in Group::"dev", action == Action::"FileOpenReadOnly", resource);
      permit(principal in Profile::"coder", action == Action::"FileWrite", resource);`;
    const load = (groups: string[], profiles: string[]) =>
      loadPolicies({ name: 'p', text }, { ...FACTS, groups, profiles }, { cacheDir });
    const [none, both] = [await load([], []), await load(['dev'], ['coder'])];
    for (const action of ['FileOpenReadOnly', 'FileWrite'] as const) {
      expect(none.decide({ ...REQUEST, action }).effect).toBe('deny');
      expect(both.decide({ ...REQUEST, action }).effect).toBe('allow');
    }
    expect(Buffer.from(both.image).equals(none.image)).toBe(false);
  });

  test('decides, names policies and reports rewrites', async () => {
    const set = await loadPolicies(SOURCE, FACTS);
    expect(set.policies).toEqual(['mine']);
    expect(set.notes).toEqual([expect.stringContaining('p.cedar:1:38: `action ==` became `action in`')]);
    expect(set.decide(REQUEST)).toEqual({ effect: 'allow', policies: ['mine'] });
    expect(set.id).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a second load is the same and needs no Cedar', async () => {
    const cold = await loadPolicies(SOURCE, FACTS, { cacheDir });
    withoutCedar();
    const warm = await loadPolicies(SOURCE, FACTS, { cacheDir });
    const data = (set: object): object =>
      Object.fromEntries(Object.entries(set).filter(([, value]) => typeof value !== 'function'));
    expect(data(warm)).toEqual(data(cold));
    expect(warm.textOf('mine')).toBe(cold.textOf('mine'));
    expect(warm.decide(REQUEST).effect).toBe('allow');
  });

  test('another workspace compiles a new table, but is not checked again', async () => {
    const first = await loadPolicies(SOURCE, FACTS, { cacheDir });
    withoutCedar();
    const second = await loadPolicies(SOURCE, { ...FACTS, workspace: '/v' }, { cacheDir });
    expect(second.id).not.toBe(first.id);
    expect(second.decide(REQUEST).effect).toBe('deny');
  });

  test('other registries are another set, but the text is not checked again', async () => {
    const source = { name: 'p.cedar', text: 'permit(principal, action, resource in Host::"@registry/npm");' };
    const request = { action: 'DnsResolve', resource: { type: 'host', name: 'r.example' }, qtype: 'A' } as const;
    const first = await loadPolicies(source, FACTS, { cacheDir });
    withoutCedar();
    const second = await loadPolicies(source, { ...FACTS, registries: { npm: ['r.example:443'] } }, { cacheDir });
    expect(second.id).not.toBe(first.id);
    expect([first.decide(request).effect, second.decide(request).effect]).toEqual(['deny', 'allow']);
    expect([first.mayConnect('r.example'), second.mayConnect('r.example')]).toEqual([false, true]);
  });

  test('another session shares the table, and its policies see their own session', async () => {
    const first = await loadPolicies(SOURCE, FACTS, { cacheDir });
    withoutCedar();
    const second = await loadPolicies(SOURCE, { ...FACTS, session: 's2' }, { cacheDir });
    expect(second.id).toBe(first.id);
    expect(second.decide(REQUEST).effect).toBe('deny');
  });

  test.each([
    ['damaged', (file: string) => fs.appendFileSync(file, ' ')],
    ['writable by others', (file: string) => fs.chmodSync(file, 0o622)],
    [
      'replaced by a symbolic link',
      (file: string) => {
        fs.renameSync(file, `${file}.real`);
        fs.symlinkSync(`${file}.real`, file);
      },
    ],
    ['emptied', (file: string) => fs.writeFileSync(file, '')],
  ])('does not trust an entry that was %s', async (_, spoil) => {
    await loadPolicies(SOURCE, FACTS, { cacheDir });
    for (const file of entries()) spoil(file);
    vi.resetModules();
    withoutCedar();
    const { loadPolicies: reloaded } = await import('../../../src/policy/load.ts');
    await expect(reloaded(SOURCE, FACTS, { cacheDir })).rejects.toThrow();
  });

  test('does not trust a folder that others may write to', async () => {
    await loadPolicies(SOURCE, FACTS, { cacheDir });
    fs.chmodSync(path.join(cacheDir, 'policy'), 0o777);
    vi.resetModules();
    withoutCedar();
    const { loadPolicies: reloaded } = await import('../../../src/policy/load.ts');
    await expect(reloaded(SOURCE, FACTS, { cacheDir })).rejects.toThrow();
  });

  test('writes entries that only the owner can read', async () => {
    await loadPolicies(SOURCE, FACTS, { cacheDir });
    expect(entries().map((file) => fs.statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(fs.statSync(path.join(cacheDir, 'policy')).mode & 0o777).toBe(0o700);
  });

  test('works without a place to write', async () => {
    const blocked = path.join(cacheDir, 'file');
    fs.writeFileSync(blocked, '');
    expect((await loadPolicies(SOURCE, FACTS, { cacheDir: blocked })).policies).toEqual(['mine']);
  });

  test('leaves an expired policy out, today and from the cache', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-05-31T23:59:59Z') });
    try {
      const source = { name: 'p.cedar', text: '@expires("2026-05-31") permit(principal, action, resource);' };
      expect((await loadPolicies(source, FACTS, { cacheDir })).decide(REQUEST).effect).toBe('allow');
      vi.setSystemTime(Date.parse('2026-06-01T00:00:00Z'));
      const later = await loadPolicies(source, FACTS, { cacheDir });
      expect(later.decide(REQUEST).effect).toBe('deny');
      expect(later.notes).toEqual([expect.stringContaining('expired after 2026-05-31')]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('reports every fault in one error', async () => {
    const text =
      'permit(principal, action == Action::"FileOpenn", resource);\npermit(principal, action, resource) when { resource in Dir::"x" };';
    const error: unknown = await loadPolicies({ name: 'p.cedar', text }, FACTS).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'LEASH_POLICY_INVALID', message: '2 faults in policy p.cedar' });
    expect((error as LeashError).details.filter((line) => /^p\.cedar:\d/.test(line))).toHaveLength(2);
  });

  test('refuses more patterns than a table may hold', async () => {
    const names = (from: number): string =>
      Array.from({ length: 100 }, (_, i) => `resource.name like "x${from + i}*"`).join(' || ');
    const text = [0, 100, 200]
      .map((from) => `forbid(principal, action == Action::"FileWrite", resource) when { ${names(from)} };`)
      .join('\n');
    await expect(loadPolicies({ name: 'p.cedar', text }, FACTS)).rejects.toMatchObject({
      code: 'LEASH_POLICY_INVALID',
      message: 'policy p.cedar is too complex: more than 256 different patterns',
    });
  });

  test('refuses facts that are no directories', async () => {
    await expect(loadPolicies(SOURCE, { ...FACTS, workspace: 'w' })).rejects.toMatchObject({ code: 'LEASH_WORKSPACE' });
    await expect(loadPolicies(SOURCE, { ...FACTS, home: '/a/../b' })).rejects.toMatchObject({
      code: 'LEASH_WORKSPACE',
    });
  });
});
