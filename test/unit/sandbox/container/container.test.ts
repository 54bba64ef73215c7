import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ContainerRequest, containerPlan } from '../../../../src/sandbox/container/container.ts';
import { ContainerFolder } from '../../../../src/sandbox/container/folder.ts';
import type { Furnishing } from '../../../../src/sandbox/container/furnishing.ts';
import type { Image } from '../../../../src/sandbox/container/image.ts';
import { ManagerVolume } from '../../../../src/sandbox/container/manager-volume.ts';
import type { SandboxPlan } from '../../../../src/sandbox/plan.ts';

const planOf = (asked: ContainerRequest, folder?: Furnishing): SandboxPlan =>
  containerPlan(asked, folder ?? new ContainerFolder(parent, asked.engine));
/** What goes through the door. */
const told = async (asked: ContainerRequest): Promise<string> => String(await planOf(asked).data[0]);

const IMAGE: Image = {
  name: 'localhost/i',
  user: 'node',
  env: { PATH: '/image/bin', HTTP_PROXY: 'http://u:p@h' },
};

let root: string;
let request: ContainerRequest;
let parent: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-container-')));
  parent = path.join(root, 'state');
  for (const folder of ['home/.ssh', 'home/.config/leash', 'workspace'])
    mkdirSync(path.join(root, folder), { recursive: true });
  for (const file of ['denials', 'home/.netrc']) writeFileSync(path.join(root, file), '', { mode: 0o600 });
  request = {
    workspace: path.join(root, 'workspace'),
    home: path.join(root, 'home'),
    command: ['agent', '--flag', '--privileged'],
    env: { PATH: '/host/bin', GITHUB_TOKEN: 'shh', TERM: 'xterm' },
    extraEnv: { MINE: 'my-secret' },
    files: { '/run/leash/npmrc': 'x', '/etc/pip.conf': 'y' },
    denials: path.join(root, 'denials'),
    ca: { certificatePem: 'CERTIFICATE', fileName: '0badcafe.0' },
    roots: [],
    rootFiles: [],
    entryProgram: '/x/leash-entry',
    shown: [path.join(root, 'absent')],
    hidden: [path.join(root, 'home/.config/leash')],
    engine: {
      name: 'podman',
      program: '/usr/bin/podman',
      options: ['--x'],
      env: { HOST: '1' },
      uid: 0,
      gid: 0,
      isElsewhere: false,
    },
    imageName: IMAGE.name,
    image: Promise.resolve(IMAGE),
    limits: [
      { name: 'memory', value: 1024, holder: 'engine' },
      { name: 'pids', value: 9, holder: 'engine' },
      { name: 'cpu', value: 1.5, holder: 'engine' },
    ],
    openFiles: 500,
    processesOfUser: 90_000,
    hasTerminal: false,
    isReadOnly: false,
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const words = (changes: Partial<ContainerRequest> = {}): readonly string[] =>
  planOf({ ...request, ...changes }).command;
const text = (changes: Partial<ContainerRequest> = {}): string => words(changes).join(' ');

test('no network, no capability but what the entry drops, nothing gained, nothing run beside the agent', () => {
  const command = text();
  expect(command).toMatch(/^\/usr\/bin\/podman --x run --rm --name leash-\d+-[0-9a-f]{8} /);
  for (const option of [
    ...['--pull never', '--network none', '--privileged=false', '--cap-drop ALL', '--security-opt no-new-privileges'],
    ...['--no-healthcheck', '--init=false', '--ipc private', '--userns host', '--pid private', '--http-proxy=false'],
    ...['--user 0:0', '--entrypoint /run/leash/entry', '--sig-proxy=false', `--workdir ${request.workspace}`],
  ])
    expect(command).toContain(` ${option} `);
  expect(command.match(/--cap-add (\w+)/g)).not.toContain('--cap-add SYS_ADMIN');
});

test('the agent’s words come after the entry’s, and the image after every option', () => {
  const command = words();
  const image = command.indexOf('localhost/i');
  expect(command.slice(command.indexOf('--', image))).toEqual(['--', 'agent', '--flag', '--privileged']);
  expect(command.slice(image + 1, image + 3)).toEqual(['--door', '/run/leash/warden']);
});

test('what is known of the image alone is on no command line: the agent may begin before it is known', async () => {
  let know: (image: Image) => void = () => undefined;
  const image = new Promise<Image>((resolve) => {
    know = resolve;
  });
  const plan = planOf({ ...request, image });
  expect(plan.command.join(' ')).not.toMatch(/\bnode\b/);
  know({ ...IMAGE, env: { JAVA_HOME: '/opt/java' } });
  expect(String(await plan.data[0])).toMatch(
    /^node\0.*\0\/run\/leash\/java-cacerts:\/opt\/java\/lib\/security\/cacerts\0.*\0\0/s,
  );
});

test('an image that cannot be used is told to who asks for the environment, and nothing goes through the door', async () => {
  const plan = planOf({ ...request, image: Promise.reject(new Error('no such image')) });
  await expect(plan.agentEnv).rejects.toThrow('no such image');
  await expect(plan.data[0]).rejects.toThrow('no such image');
});

test('the agent’s environment is on no command line, and is the image’s but for what concerns the person', async () => {
  const plan = planOf(request);
  expect(plan.command.join(' ')).not.toMatch(/my-secret|shh|xterm/);
  expect(plan.env).toEqual({ HOST: '1' });
  const given = Object.fromEntries((await told(request)).split('\0').map((line) => line.split('=', 2)));
  expect(given).toMatchObject({ PATH: '/image/bin', TERM: 'xterm', MINE: 'my-secret', HOME: request.home, LEASH: '1' });
  expect(given).not.toHaveProperty('GITHUB_TOKEN');
  expect(given).not.toHaveProperty('HTTP_PROXY');
});

test('only the workspace and the private home are writable', () => {
  const binds = words().filter((word) => word.startsWith('type=bind'));
  const writable = binds.filter((word) => !word.endsWith(',readonly'));
  expect(writable).toEqual([`type=bind,source=${request.workspace},destination=${request.workspace}`]);
  for (const place of [
    '/run/leash',
    '/run/leash/entry',
    '/run/leash/denials',
    '/etc/resolv.conf',
    '/etc/hosts',
    '/etc/pip.conf',
  ])
    expect(
      binds.some((word) => word.endsWith(`,destination=${place},readonly`)),
      place,
    ).toBe(true);
  expect(text()).toContain(`--tmpfs ${request.home}:rw,exec,nosuid,nodev,mode=0700,notmpcopyup `);
  expect(text()).toContain(`--own ${request.home} `);
});

test('what is under review is read-only for the engine; its layers, and a capability to mount, are the entry’s', () => {
  const { workspace, home } = request;
  const own = path.join(root, 'changes/0');
  const settings = path.join(home, '.deep/agent');
  const reviewed = [
    { source: workspace, place: workspace, isFolder: true, own },
    { source: '/x/f', place: settings, isFolder: false, own: '/x/1' },
  ];
  const command = text({ reviewed });
  expect(command).toContain(`source=${workspace},destination=${workspace},readonly`);
  expect(command).toContain(`source=${workspace},destination=/run/leash/changes/0/lower,readonly`);
  expect(command).toContain(`source=${own},destination=/run/leash/changes/0/own `);
  expect(command).toContain(`source=/x/1/file,destination=${settings} `);
  expect(command).toContain(` --overlay ${workspace} `);
  expect(command).toContain(` --own ${home} --overlay`);
  for (const word of ['--cap-add SYS_ADMIN', '--cap-add DAC_OVERRIDE', '--security-opt apparmor=unconfined']) {
    expect(command).toContain(word);
    expect(text()).not.toContain(word);
  }
});

test('a read-only image has the private folders of bubblewrap, each bounded, unless something is shown there', () => {
  expect(text()).not.toMatch(/--read-only|--tmpfs \/tmp:/);
  const podman = text({ isReadOnly: true, folderBytes: 4096 });
  expect(podman).toContain(' --read-only --read-only-tmpfs=false ');
  for (const word of [
    '/tmp:rw,exec,nosuid,nodev,mode=1777,notmpcopyup,size=4096',
    '/run:rw,exec,nosuid,nodev,mode=0755,notmpcopyup,size=4096',
  ])
    expect(podman).toContain(` --tmpfs ${word} `);
  const engine = { ...request.engine, name: 'docker' as const };
  const docker = text({
    isReadOnly: true,
    engine,
    volumes: [{ source: '/x', place: '/var/tmp', access: 'read-only' }],
  });
  expect(docker).not.toMatch(/--read-only-tmpfs|--tmpfs \/var\/tmp/);
});

test('what is secret in a workspace that is the home is covered', () => {
  const { home } = request;
  const command = text({ workspace: home });
  for (const name of ['.ssh', '.netrc', '.config/leash'])
    expect(command).toMatch(new RegExp(`source=\\S+,destination=${home}/${name.replaceAll('.', '\\.')},readonly`));
  expect(command).not.toContain('--tmpfs');
});

test('the folder is private, what is in it readable for the image’s user, and gone afterwards', async () => {
  const plan = planOf(request);
  const [name = ''] = readdirSync(parent);
  const folder = path.join(parent, name);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(path.join(folder, 'own/npmrc')).mode & 0o777).toBe(0o644);
  expect(statSync(request.denials ?? '').mode & 0o777).toBe(0o644);
  expect(plan.door).toEqual({ path: path.join(folder, 'own/warden'), program: '/x/leash-entry', hasTerminal: false });
  await plan.remove?.(false);
  expect(existsSync(folder)).toBe(false);
});

test('copies of logins come with the environment, on no command line, and only into a home of the agent’s own', async () => {
  const copies = { [`${request.home}/.x/login`]: 'placeholder' };
  const given = (changes: Partial<ContainerRequest>): Promise<string> => told({ ...request, ...changes });
  expect(await given({ copies })).toContain('\0\0.x/login\0placeholder\0');
  expect(text({ copies })).not.toMatch(/placeholder|\.x\/login/);
  const shown = { source: request.workspace, place: request.home, access: 'read-write' as const };
  for (const changes of [{ workspace: request.home }, { volumes: [shown] }])
    expect(await given({ copies, ...changes })).not.toContain('placeholder');
});

test('options that the image has for Java are kept beside Leash’s', async () => {
  const image = Promise.resolve({ ...IMAGE, env: { JAVA_TOOL_OPTIONS: '-Xmx1g' } });
  const env = await planOf({ ...request, image }).agentEnv;
  expect(env['JAVA_TOOL_OPTIONS']).toBe('-Xmx1g -Djavax.net.ssl.trustStore=/run/leash/java-cacerts');
});

test('an ordinary user’s container has that user as the agent', async () => {
  const engine = { ...request.engine, uid: 1000, gid: 100 };
  const command = text({ engine, processes: 40 });
  expect(command).toContain('--userns keep-id');
  expect(await told({ ...request, engine })).toMatch(/^1000:100\0/);
  expect(command).toContain('--processes 40');
});

test('limits are the engine’s', () => {
  expect(text()).toContain('--memory 1024 --memory-swap 1024 --pids-limit 10 --cpus 1.5 ');
  expect(text()).toContain('--ulimit nofile=500:500 --ulimit nproc=32768:32768 ');
});

test('docker has no words of podman’s, and IPv6 turned on', () => {
  const command = text({ engine: { ...request.engine, name: 'docker' } });
  expect(command).not.toMatch(/--userns|--systemd|--http-proxy|--sdnotify|--image-volume/);
  expect(command).toContain('--sysctl net.ipv6.conf.all.disable_ipv6=0');
});

test('a terminal is the engine’s, and nothing typed into it leaves', () => {
  expect(text()).not.toContain('--tty');
  expect(text({ hasTerminal: true })).toContain('--interactive --tty --detach-keys ');
});

test('a path that would be read as an option of a mount is refused, and nothing stays', () => {
  for (const name of ['a,readonly=false', 'a:b', 'a"b', 'a\nb']) {
    const workspace = path.join(root, name);
    expect(() => planOf({ ...request, workspace }), name).toThrow(/cannot be shown in a container/);
  }
  expect(readdirSync(parent)).toEqual([]);
});

test('beside a manager the pid namespace is the manager’s until the entry makes one below, and files are covered by the entry', () => {
  const own = path.join(root, 'volume');
  mkdirSync(own);
  writeFileSync(path.join(root, 'entry'), 'program');
  const engine = { ...request.engine, isElsewhere: true, program: '', options: [] };
  const besides = { engine, manager: 'm-manager', entryProgram: path.join(root, 'entry') };
  const { command, door } = planOf({ ...request, ...besides }, new ManagerVolume('m', own));
  expect(command.slice(0, 2)).toEqual(['/bin/sh', '-c']);
  const ordered = (JSON.parse(command.at(-1) ?? '') as string[]).join(' ');
  expect(ordered).toMatch(/^run --rm --name m /);
  for (const option of [
    ...['--pid container:m-manager', '--cap-add SYS_ADMIN', '--security-opt apparmor=unconfined', '--interactive'],
    ...['--mount type=volume,source=m,destination=/run/leash,ro', '--nest yes', '--userns host', '--pids-limit 11'],
    ...['--cover /run/leash/shown/2:/etc/resolv.conf', `--cover ${request.denials}:/run/leash/denials`],
  ])
    expect(ordered).toContain(` ${option} `);
  expect(ordered).not.toMatch(/--pid private|my-secret/);
  expect(door).toEqual({ path: path.join(own, 'warden'), program: path.join(own, 'entry'), hasTerminal: true });
  expect(statSync(path.join(own, 'entry')).mode & 0o777).toBe(0o755);
});
