import { chmodSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { controllerHomes } from '../../../src/host/cgroups.ts';
import { sampleHost } from './doctor/sample-host.ts';

const UNIFIED = '35 25 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n';
const OWN = 'sys/fs/cgroup/user.slice/run.scope';

/** A delegated scope of systemd's; `procs` are the processes in it. */
const scope = (procs: string, handedOn = ''): Record<string, string> => ({
  'proc/self/mountinfo': UNIFIED,
  'proc/self/cgroup': '0::/user.slice/run.scope\n',
  [`${OWN}/cgroup.controllers`]: 'cpu io memory pids\n',
  [`${OWN}/cgroup.procs`]: procs,
  [`${OWN}/cgroup.subtree_control`]: handedOn,
  [`${OWN}/cgroup.type`]: 'domain\n',
});

test('version 2: a delegated scope with nobody else in it', () => {
  const host = sampleHost({ files: scope(`${process.pid}\n`) });
  const home = { version: 2, folder: path.join(host.root, OWN), mustMove: true };
  expect([...controllerHomes(host)]).toEqual([
    ['memory', home],
    ['pids', home],
    ['cpu', home],
  ]);
});

test('version 2: other processes are never moved, so a scope that they share is of no use', () => {
  expect(controllerHomes(sampleHost({ files: scope(`${process.pid}\n1\n`) })).size).toBe(0);
  // Unless it hands the controllers on already.
  const shared = controllerHomes(sampleHost({ files: scope(`${process.pid}\n1\n`, 'memory pids\n') }));
  expect([...shared.keys()]).toEqual(['memory', 'pids']);
  expect(shared.get('pids')?.mustMove).toBe(false);
});

test('version 2: the root of the hierarchy may hold processes', () => {
  const files = scope('1\n');
  delete files[`${OWN}/cgroup.type`];
  expect(controllerHomes(sampleHost({ files })).get('memory')?.mustMove).toBe(false);
});

const V1 = [
  '30 25 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory',
  '31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct',
  '32 25 0:28 /docker/abc /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,pids',
  '',
].join('\n');
const V1_OWN = '4:memory:/jobs\n3:cpu,cpuacct:/\n2:pids:/docker/abc/inner\n1:name=systemd:/\n';
const V1_FILES = {
  'proc/self/mountinfo': V1,
  'proc/self/cgroup': V1_OWN,
  'sys/fs/cgroup/memory/jobs/cgroup.procs': '',
  'sys/fs/cgroup/cpu,cpuacct/cgroup.procs': '',
  'sys/fs/cgroup/pids/inner/cgroup.procs': '',
};

test('version 1: the own group of each hierarchy, also when only a part of it is mounted', () => {
  const host = sampleHost({ files: V1_FILES });
  const folders = Object.fromEntries([...controllerHomes(host)].map(([name, { folder }]) => [name, folder]));
  const below = (name: string): string => path.join(host.root, 'sys/fs/cgroup', name);
  expect(folders).toEqual({ memory: below('memory/jobs'), cpu: below('cpu,cpuacct'), pids: below('pids/inner') });
});

test('what may not be written is no home', ({ skip }) => {
  skip(process.getuid?.() === 0, 'root may write everything');
  const host = sampleHost({ files: V1_FILES });
  chmodSync(path.join(host.root, 'sys/fs/cgroup/memory/jobs'), 0o555);
  expect(controllerHomes(host).has('memory')).toBe(false);
});

test('a group outside what is mounted, and a machine without control groups', () => {
  const outside = { ...V1_FILES, 'proc/self/cgroup': '4:memory:/../..\n2:pids:/other\n' };
  expect(controllerHomes(sampleHost({ files: outside })).size).toBe(0);
  expect(controllerHomes(sampleHost()).size).toBe(0);
});
