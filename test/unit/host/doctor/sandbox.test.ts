import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { THIS_HOST } from '../../../../src/host/doctor/host.ts';
import { probeBubblewrap, probeCgroup, probeUserNamespaces } from '../../../../src/host/doctor/sandbox.ts';
import { DEBIAN, sampleHost } from './sample-host.ts';

// As bubblewrap 0.9.0 says it on Ubuntu 24.04 with the restriction on.
const REFUSED = { bwrap: 'echo "bwrap: setting up uid map: Permission denied" >&2; exit 1' };

test('this machine: the probe says what bubblewrap itself says', async () => {
  const version = spawnSync('bwrap', ['--version'], { encoding: 'utf8' });
  expect((await probeBubblewrap(THIS_HOST, true)).state).toBe(version.status === 0 ? 'ok' : 'missing');
  const sandbox = spawnSync('bwrap', ['--unshare-user', '--unshare-net', '--ro-bind', '/', '/', 'true']);
  const expected = version.status !== 0 ? 'unknown' : sandbox.status === 0 ? 'ok' : 'missing';
  expect((await probeUserNamespaces(THIS_HOST, true)).state).toBe(expected);
});

test('no bubblewrap: how to install it, and namespaces are not known', async () => {
  const host = sampleHost({ files: DEBIAN });
  expect(await probeBubblewrap(host, true)).toMatchObject({
    state: 'missing',
    required: true,
    fix: 'sudo apt-get install -y bubblewrap',
  });
  expect(await probeUserNamespaces(host, true)).toMatchObject({ state: 'unknown' });
});

test('a bubblewrap that does not run, or is another program', async () => {
  const broken = sampleHost({ programs: { bwrap: 'echo "error while loading shared libraries" >&2; exit 127' } });
  expect(await probeBubblewrap(broken, true)).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('shared libraries'),
  });
  const other = sampleHost({ programs: { bwrap: 'echo hello' } });
  expect(await probeBubblewrap(other, true)).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('hello'),
  });
});

test.each([
  ['kernel/apparmor_restrict_unprivileged_userns', '1\n', /AppArmor/, /apparmor_parser -r \/etc\/apparmor\.d\/bwrap$/],
  ['kernel/unprivileged_userns_clone', '0\n', /is 0/, /^sudo sysctl -w kernel\.unprivileged_userns_clone=1$/],
  ['user/max_user_namespaces', '0\n', /is 0/, /^sudo sysctl -w user\.max_user_namespaces=\d+$/],
  ['user/max_user_namespaces', '63459\n', /^refused: bwrap: setting up uid map/, /container/],
])('namespaces refused with %s = %j', async (setting, value, detail, fix) => {
  const host = sampleHost({ programs: REFUSED, files: { [`proc/sys/${setting}`]: value } });
  expect(await probeUserNamespaces(host, true)).toMatchObject({
    state: 'missing',
    required: true,
    detail: expect.stringMatching(detail),
    fix: expect.stringMatching(fix),
  });
});

const MOUNT = '35 25 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n';

test('control groups for every limit, for some, and for none', () => {
  const own = 'sys/fs/cgroup/run.scope';
  const files = {
    'proc/self/mountinfo': MOUNT,
    'proc/self/cgroup': '0::/run.scope\n',
    [`${own}/cgroup.procs`]: `${process.pid}\n`,
    [`${own}/cgroup.subtree_control`]: '',
    [`${own}/cgroup.type`]: 'domain\n',
  };
  const all = { ...files, [`${own}/cgroup.controllers`]: 'cpu memory pids\n' };
  expect(probeCgroup(sampleHost({ files: all }))).toMatchObject({
    state: 'ok',
    required: false,
    detail: 'memory (v2), pids (v2), cpu (v2) can be limited',
  });
  const some = { ...files, [`${own}/cgroup.controllers`]: 'memory pids\n' };
  expect(probeCgroup(sampleHost({ files: some }))).toMatchObject({
    state: 'degraded',
    detail: 'memory (v2), pids (v2) can be limited; --cpus is refused',
    fix: expect.stringContaining('Delegate=yes'),
  });
  expect(probeCgroup(sampleHost())).toMatchObject({
    state: 'degraded',
    detail: expect.stringMatching(/^none can be made here; memory is limited only when asked/),
  });
});
