import { expect, test } from 'vitest';
import { type ManagerRequest, managerCommand, managerName } from '../../../../src/sandbox/container/manager.ts';

const request: ManagerRequest = {
  engine: { name: 'docker', program: '/usr/bin/docker', options: [], env: {}, uid: 1000, gid: 100, isElsewhere: true },
  name: 'leash-1-0badcafe',
  sessions: '/home/u/.local/state/leash/sessions',
  cache: '/home/u/.cache/leash',
  home: '/home/u',
  shown: ['/home/u/project', '/data'],
  openFiles: 500,
  processesOfUser: 90_000,
};
const text = (changes: Partial<ManagerRequest> = {}): string => managerCommand({ ...request, ...changes }).join(' ');
const added = (command: string): string[] => [...command.matchAll(/--cap-add (\w+)/g)].map(([, name = '']) => name);

test('the least rights: a user’s manager holds three capabilities, by the warden’s file, and root’s two more', () => {
  expect(added(text())).toEqual(['SYS_PTRACE', 'KILL', 'NET_RAW']);
  expect(text()).toContain(' --user 1000:100 --cap-drop ALL ');
  expect(text()).not.toContain('no-new-privileges');
  const root = text({ engine: { ...request.engine, uid: 0, gid: 0 } });
  expect(added(root)).toEqual(['SYS_PTRACE', 'KILL', 'NET_RAW', 'SETUID', 'SETGID']);
  expect(root).toContain(' --security-opt no-new-privileges ');
});

test('of the host it may change the sessions and compiled policies only; there is no socket of the engine, and nothing of the charge on it', () => {
  const mounts = managerCommand(request).filter((word) => word.startsWith('type='));
  expect(mounts).toEqual([
    'type=volume,source=leash-1-0badcafe,destination=/run/leash',
    `type=bind,source=${request.sessions},destination=/var/lib/leash/state/leash/sessions`,
    `type=bind,source=${request.cache},destination=/var/lib/leash/cache/leash`,
    'type=bind,source=/home/u/project,destination=/home/u/project,readonly',
    'type=bind,source=/data,destination=/data,readonly',
  ]);
  expect(text()).toMatch(/ --read-only .* --entrypoint node localhost\/leash\/manager:latest \S+remote-manager\.js$/);
  expect(text()).toContain(` --interactive --name ${managerName(request.name)} `);
  expect(text()).not.toMatch(/--pid|--network|--env/);
});

test('podman is told what docker takes for granted', () => {
  expect(text()).not.toContain('--userns');
  expect(text()).toContain(' --rm ');
  const podman = text({ engine: { ...request.engine, name: 'podman', options: ['--remote'] } });
  expect(podman).toMatch(/^\S+ --remote run /);
  expect(podman).not.toContain(' --rm ');
  expect(podman).toContain(' --ulimit nproc=32768:32768 ');
  expect(podman).toContain(' --userns host --systemd=false --http-proxy=false ');
});

test('a path that would be an option of a mount is refused', () => {
  expect(() => text({ home: '/home/a:b' })).toThrow(/cannot be shown in a container/);
});
