import { expect, test } from 'vitest';
import { probeDocker, probePodman } from '../../../../src/host/doctor/engines.ts';
import { DEBIAN, sampleHost } from './sample-host.ts';

const ROOT = { uid: 0, name: 'root' };
const USER = { uid: 1000, name: 'ada' };
const PODMAN = { podman: 'echo "podman version 4.3.1"' };
const NUMBERS = { 'etc/subuid': 'bob:100000:65536\nada:165536:65536\n', 'etc/subgid': '1000:165536:65536\n' };

test('podman of root', async () => {
  expect(await probePodman(sampleHost({ programs: PODMAN }), true, ROOT)).toMatchObject({
    state: 'ok',
    required: true,
    detail: expect.stringMatching(/^podman version 4\.3\.1;/),
  });
  const broken = sampleHost({ programs: { podman: 'echo "cannot set up namespace" >&2; exit 125' } });
  expect(await probePodman(broken, false, ROOT)).toMatchObject({
    state: 'missing',
    detail: expect.stringContaining('cannot set up namespace'),
  });
  const none = await probePodman(sampleHost(), false, ROOT);
  expect(none).toMatchObject({ state: 'missing', required: false });
  expect(none.fix).toBeUndefined();
  expect(await probePodman(sampleHost({ files: DEBIAN }), true, ROOT)).toMatchObject({
    fix: 'sudo apt-get install -y podman',
  });
});

test('podman of an ordinary user needs newuidmap, and numbers for other users', async () => {
  const withoutProgram = sampleHost({ programs: PODMAN, files: { ...DEBIAN, ...NUMBERS } });
  expect(await probePodman(withoutProgram, true, USER)).toMatchObject({
    state: 'missing',
    fix: 'sudo apt-get install -y uidmap',
  });
  const programs = { ...PODMAN, newuidmap: 'true' };
  const withoutGroups = sampleHost({ programs, files: { 'etc/subuid': NUMBERS['etc/subuid'] } });
  expect(await probePodman(withoutGroups, true, USER)).toMatchObject({
    state: 'missing',
    detail: '/etc/subgid has no line of ada',
    fix: expect.stringMatching(/^sudo usermod .* ada$/),
  });
  expect(await probePodman(sampleHost({ programs, files: NUMBERS }), true, USER)).toMatchObject({ state: 'ok' });
});

test('docker is its server', async () => {
  const server = sampleHost({ programs: { docker: 'test "$1" = version && echo 27.1.1' } });
  expect(await probeDocker(server, false)).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/^server 27\.1\.1;/),
  });
  const none = sampleHost({ programs: { docker: 'echo "Cannot connect to the Docker daemon" >&2; exit 1' } });
  expect(await probeDocker(none, true)).toMatchObject({
    state: 'missing',
    required: true,
    detail: expect.stringMatching(/^no server: Cannot connect/),
  });
  expect(await probeDocker(sampleHost(), false)).toMatchObject({ state: 'missing', required: false });
});
