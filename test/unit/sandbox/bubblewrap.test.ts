import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bubblewrapPlan } from '../../../src/sandbox/bubblewrap.ts';
import type { SandboxRequest } from '../../../src/sandbox/plan.ts';

let root: string;
let request: SandboxRequest;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-plan-')));
  for (const folder of ['home/.ssh', 'home/.config/leash', 'workspace', 'agents'])
    mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, 'home/.netrc'), '');
  request = {
    workspace: path.join(root, 'workspace'),
    home: path.join(root, 'home'),
    command: ['agent', '--flag'],
    env: { PATH: '/usr/bin', GITHUB_TOKEN: 'shh' },
    extraEnv: { MINE: '1' },
    ca: { certificatePem: 'CERTIFICATE', fileName: '0badcafe.0' },
    roots: ['COMPANY'],
    rootFiles: [],
    entryProgram: '/x/leash-entry',
    shown: [path.join(root, 'agents'), path.join(root, 'absent')],
    hidden: [path.join(root, 'home/.config/leash')],
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const text = (changes: Partial<SandboxRequest> = {}): string =>
  bubblewrapPlan({ ...request, ...changes }, '/usr/bin/bwrap', 5).command.join(' ');

test('all namespaces are new, and nothing is left when the parent dies', () => {
  for (const word of ['user', 'pid', 'net', 'ipc', 'uts', 'cgroup-try']) expect(text()).toContain(`--unshare-${word}`);
  expect(text()).toContain('--die-with-parent');
  expect(text()).toContain('--cap-drop ALL');
});

test('the root is read-only before anything is mounted on it; the workspace is the one writable bind', () => {
  const command = text();
  expect(command).toMatch(/^\/usr\/bin\/bwrap .*--ro-bind \/ \/ --dev \/dev --proc \/proc /);
  expect(command.match(/--bind \S+ \S+/g)).toEqual([`--bind ${request.workspace} ${request.workspace}`]);
  expect(command.indexOf(`--tmpfs ${request.home}`)).toBeLessThan(command.indexOf(`--bind ${request.workspace}`));
});

test('of procfs only the processes are writable', () => {
  expect(text()).toContain('--ro-bind /proc/sys /proc/sys');
  expect(text()).toContain('--perms 0000 --tmpfs /proc/sysvipc --remount-ro /proc/sysvipc');
  expect(text()).not.toMatch(/ \/proc\/(\d+|self|net) /);
});

test('copies are on the private home before anything of the host is: none can be written through a mount', async () => {
  const place = `${request.home}/.claude/.credentials.json`;
  const { command, data } = bubblewrapPlan({ ...request, copies: { [place]: 'PLACEHOLDER' } }, '/usr/bin/bwrap', 5);
  const words = command.join(' ');
  expect(words).toContain(`--tmpfs ${request.home} --perms 0600 --file 5 ${place} `);
  expect(words.indexOf(`--file 5 ${place}`)).toBeLessThan(words.indexOf(`--bind ${request.workspace}`));
  expect(words).not.toContain('PLACEHOLDER');
  expect(Buffer.from((await data[0]) ?? []).toString()).toBe('PLACEHOLDER');
});

test('what Leash puts in lies on a mount of its own, read-only when all is there', () => {
  const command = text({ denials: '/state/denials', files: { '/run/leash/npmrc': 'x' } });
  const order = [
    '--perms 0755 --tmpfs /run/leash ',
    '--ro-bind /x/leash-entry /run/leash/entry',
    '--ro-bind /state/denials /run/leash/denials',
    '/run/leash/ca.pem',
    '/run/leash/npmrc',
    '--remount-ro /run/leash ',
  ];
  const places = order.map((words) => command.indexOf(words));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(text()).not.toContain('denials');
});

test('limits of processes and of private folders are passed on', () => {
  expect(text()).not.toMatch(/--size|--processes/);
  const command = text({ processes: 99, folderBytes: 1_024 });
  expect(command).toContain('/run/leash/entry --socket 3 --processes 99 --write ');
  for (const folder of ['/tmp', '/run']) expect(command).toContain(`--size 1024 --tmpfs ${folder} `);
  expect(command).toContain(`--size 1024 --perms 0700 --tmpfs ${request.home} `);
});

test('what is shown is read-only, and absent folders are left out', () => {
  expect(text()).toContain(`--ro-bind ${root}/agents ${root}/agents`);
  expect(text()).not.toContain(`${root}/absent`);
});

test('a private home needs no mask; as workspace its secrets are masked after it is mounted', () => {
  expect(text()).not.toContain(`${root}/home/.ssh`);
  const home = text({ workspace: request.home });
  const bind = home.indexOf(`--bind ${request.home} ${request.home}`);
  for (const mask of [
    `--perms 0000 --tmpfs ${root}/home/.ssh --remount-ro ${root}/home/.ssh`,
    `--ro-bind /dev/null ${root}/home/.netrc`,
    `--perms 0000 --tmpfs ${root}/home/.config/leash`,
  ])
    expect(home.indexOf(mask)).toBeGreaterThan(bind);
});

test('the entry is told where the agent may write, and the command comes last', () => {
  expect(text()).toMatch(
    new RegExp(
      `-- /run/leash/entry --socket 3 --write ${request.workspace} --write ${request.home} .*-- agent --flag$`,
    ),
  );
});

test('files made of bytes come through descriptors, in order, and never by name', async () => {
  const plan = bubblewrapPlan(request, '/usr/bin/bwrap', 5);
  const numbers = [...plan.command.join(' ').matchAll(/--ro-bind-data (\d+)/g)].map((match) => Number(match[1]));
  expect(numbers).toEqual(plan.data.map((_bytes, index) => 5 + index));
  const contents = (await Promise.all(plan.data)).map((bytes) => Buffer.from(bytes).toString());
  expect(contents[0]).toMatch(/CERTIFICATECOMPANY$/);
  expect(contents[1]).toBe('CERTIFICATECOMPANY');
  expect(contents).toContainEqual(expect.stringContaining('nameserver 127.0.0.1'));
});

test('credentials are neither on the command line nor in the environment', () => {
  const plan = bubblewrapPlan(request, '/usr/bin/bwrap', 5);
  expect(plan.command.join(' ')).not.toContain('shh');
  expect(plan.env).toMatchObject({ PATH: '/usr/bin', MINE: '1' });
  expect(plan.env).not.toHaveProperty('GITHUB_TOKEN');
});

test("another account's home of root is masked whatever the home is", () => {
  if (homedir() === '/root') expect(text()).toContain('--tmpfs /root --remount-ro /root');
});

test('no mount is made over a file in the workspace or in a masked folder', () => {
  const files = ['workspace/ca.pem', 'home/.config/leash/ca.pem', 'ca.pem'].map((name) => path.join(root, name));
  for (const file of files) writeFileSync(file, '');
  const covered = [...text({ rootFiles: files }).matchAll(/--ro-bind-data \d+ (\S+)/g)].map(([, place]) => place);
  expect(files.filter((file) => covered.includes(file))).toEqual([path.join(root, 'ca.pem')]);
});

test('a folder of certificates has one more, and the rest as before', () => {
  const command = text();
  if (!command.includes('--tmpfs /etc/ssl/certs ')) return;
  const order = [
    '--perms 0755 --dir /run/leash/behind',
    '--ro-bind /etc/ssl/certs /run/leash/behind/0 --perms 0755 --tmpfs /etc/ssl/certs',
    '--symlink /run/leash/ca.pem /etc/ssl/certs/0badcafe.0',
    '--remount-ro /etc/ssl/certs',
    '--remount-ro /run/leash ',
  ];
  const places = order.map((words) => command.indexOf(words));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});
