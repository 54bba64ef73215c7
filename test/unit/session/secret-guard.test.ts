import { expect, test } from 'vitest';
import { loadPolicies } from '../../../src/policy/load.ts';
import { secretGuard } from '../../../src/session/secret-guard.ts';

const read = async (workspace: string, home: string, path: string) => {
  const facts = { agent: 'a', session: 's', user: 'u', workspace, home, tmp: '/tmp' };
  const text = 'permit(principal, action, resource);';
  const set = await loadPolicies({ name: 'p', text, guard: secretGuard(workspace, home) }, facts);
  const program = { exe: '/bin/sh', uid: 0 };
  return set.decide({ action: 'FileOpenReadOnly', resource: { type: 'path', path }, program });
};

test.each([
  '/etc/shadow',
  '/etc/sudoers.d/',
  '/etc/sudoers.d/x',
  '/var/lib/docker/',
  '/h/.ssh/',
  '/h/.ssh/id',
  '/h/.netrc',
])('%s is forbidden where the workspace is the home', async (path) => {
  expect(await read('/h', '/h', path)).toMatchObject({ effect: 'deny', policies: ['leash:secrets'] });
});

test.each(['/h/.ssh/id', '/h/.netrc', '/etc/passwd', '/etc/shadow.md', '/w/etc/shadow'])(
  '%s is not, where the home is private',
  async (path) => expect((await read('/w', '/h', path)).effect).toBe('allow'),
);

test('a place that holds the workspace or the home is not forbidden', async () => {
  expect((await read('/root/project', '/h', '/root/project/x')).effect).toBe('allow');
  expect((await read('/w', '/root', '/root/x')).effect).toBe('allow');
});
