// The agents' data holds what the store and the policies rely on.
import { describe, expect, test } from 'vitest';
import { agentNames, findAgent } from '../../../../src/sandbox/agents/catalog.ts';

describe.each(agentNames())('%s', (name) => {
  const agent = findAgent(name);

  test('is pinned to one version and one tarball', () => {
    expect(agent?.package?.version).toMatch(/^\d+\.\d+\.\d+$/);
    const digest = Buffer.from(agent?.package?.integrity.replace('sha512-', '') ?? '', 'base64');
    expect(digest).toHaveLength(64);
  });

  test('names its API by host names only', () => {
    expect(agent?.hosts.length).toBeGreaterThan(0);
    for (const host of agent?.hosts ?? []) expect(host).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  });
});

test('names are unique, and others are unknown', () => {
  expect(new Set(agentNames()).size).toBe(agentNames().length);
  expect(findAgent('claude')?.environment).toMatchObject({ IS_SANDBOX: '1', DISABLE_AUTOUPDATER: '1' });
  expect(findAgent('toString')).toBeUndefined();
});
