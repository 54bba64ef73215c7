import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { THIS_HOST } from '../../../../src/host/doctor/host.ts';
import { probeBubblewrap, probeCgroup, probeUserNamespaces } from '../../../../src/host/doctor/sandbox.ts';
import { DEBIAN, sampleHost } from './sample-host.ts';

// As bubblewrap 0.9.0 says it on Ubuntu 24.04 with the restriction on.
const REFUSED = { bwrap: 'echo "bwrap: setting up uid map: Permission denied" >&2; exit 1' };

test('this machine: the probe says what bubblewrap itself says', async () => {
  const version = spawnSync('bwrap', ['--version'], { encoding: 'utf8' });
  expect((await probeBubblewrap(THIS_HOST)).state).toBe(version.status === 0 ? 'ok' : 'missing');
  const sandbox = spawnSync('bwrap', ['--unshare-user', '--unshare-net', '--ro-bind', '/', '/', 'true']);
  const expected = version.status !== 0 ? 'unknown' : sandbox.status === 0 ? 'ok' : 'missing';
  expect((await probeUserNamespaces(THIS_HOST)).state).toBe(expected);
});

test('no bubblewrap: how to install it, and namespaces are not known', async () => {
  const host = sampleHost({ files: DEBIAN });
  expect(await probeBubblewrap(host)).toMatchObject({
    state: 'missing',
    required: true,
    fix: 'sudo apt-get install -y bubblewrap',
  });
  expect(await probeUserNamespaces(host)).toMatchObject({ state: 'unknown' });
});

test('a bubblewrap that does not run, or is another program', async () => {
  const broken = sampleHost({ programs: { bwrap: 'echo "error while loading shared libraries" >&2; exit 127' } });
  expect(await probeBubblewrap(broken)).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('shared libraries'),
  });
  const other = sampleHost({ programs: { bwrap: 'echo hello' } });
  expect(await probeBubblewrap(other)).toMatchObject({ state: 'missing', detail: expect.stringContaining('hello') });
});

test.each([
  ['kernel/apparmor_restrict_unprivileged_userns', '1\n', /AppArmor/, /apparmor_parser -r \/etc\/apparmor\.d\/bwrap$/],
  ['kernel/unprivileged_userns_clone', '0\n', /is 0/, /^sudo sysctl -w kernel\.unprivileged_userns_clone=1$/],
  ['user/max_user_namespaces', '0\n', /is 0/, /^sudo sysctl -w user\.max_user_namespaces=\d+$/],
  ['user/max_user_namespaces', '63459\n', /^refused: bwrap: setting up uid map/, /container/],
])('namespaces refused with %s = %j', async (setting, value, detail, fix) => {
  const host = sampleHost({ programs: REFUSED, files: { [`proc/sys/${setting}`]: value } });
  expect(await probeUserNamespaces(host)).toMatchObject({
    state: 'missing',
    required: true,
    detail: expect.stringMatching(detail),
    fix: expect.stringMatching(fix),
  });
});

const MOUNT = '35 25 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n';

test('a cgroup that can be written to, one that cannot, and none', () => {
  const own = 'sys/fs/cgroup/user.slice';
  const files = { 'proc/self/mountinfo': MOUNT, 'proc/self/cgroup': '0::/user.slice\n' };
  const writable = sampleHost({ files: { ...files, [`${own}/cgroup.procs`]: '' } });
  expect(probeCgroup(writable)).toMatchObject({ state: 'ok', detail: `${path.join(writable.root, own)} is writable` });
  // A folder that is not there cannot be written to by root either.
  expect(probeCgroup(sampleHost({ files }))).toMatchObject({
    state: 'degraded',
    required: false,
    fix: expect.stringContaining('Delegate=yes'),
  });
  expect(probeCgroup(sampleHost())).toMatchObject({ state: 'missing', required: false });
});
