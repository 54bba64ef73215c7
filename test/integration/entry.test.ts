// leash-entry under bubblewrap, as root and as an ordinary user: native/test/entry-driver plays the warden, real programs the agent.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MEDIATED, NETWORK_CLIENT, REFUSED, REFUSED_ARGUMENTS } from './entry-expectations.ts';

const native = fileURLToPath(new URL('../../native/', import.meta.url));
const capabilities = ['CAP_SYS_ADMIN', 'CAP_NET_ADMIN', 'CAP_NET_BIND_SERVICE', 'CAP_NET_RAW', 'CAP_SETPCAP'];
const ordinary = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const users: readonly [string, readonly string[]][] =
  process.getuid?.() === 0
    ? [
        ['root', []],
        ['an ordinary user', ordinary],
      ]
    : [['this user', []]];

let folder: string;

beforeAll(() => {
  const made = spawnSync('make', ['-s', '-C', native, 'build/leash-entry', 'test'], { encoding: 'utf8' });
  expect(made.stderr).toBe('');
  expect(made.status).toBe(0);
  folder = mkdtempSync(join(tmpdir(), 'leash-entry-'));
  chmodSync(folder, 0o755);
  for (const program of ['leash-entry', 'test/entry-driver', 'test/attack-syscalls'])
    copyFileSync(join(native, 'build', program), join(folder, program.replace('test/', '')));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Facts the driver logged, one a line. */
  readonly facts: readonly string[];
}

interface Options {
  readonly prefix: readonly string[];
  readonly capabilities?: readonly string[];
  readonly environment?: Record<string, string>;
}

/** Runs the command as the agent; `workspace` is writable, `mounted` is a writable mount that Landlock must close. */
function run(command: readonly string[], options: Options): Run {
  const log = join(folder, 'log');
  for (const name of ['log', 'workspace', 'mounted']) rmSync(join(folder, name), { recursive: true, force: true });
  for (const name of ['workspace', 'mounted']) {
    mkdirSync(join(folder, name));
    chmodSync(join(folder, name), 0o777);
  }
  writeFileSync(log, '');
  chmodSync(log, 0o666);
  const writable = ['workspace', 'mounted'].flatMap((name) => ['--bind', join(folder, name), join(folder, name)]);
  const added = (options.capabilities ?? capabilities).flatMap((name) => ['--cap-add', name]);
  const sandbox = ['bwrap', '--ro-bind', '/', '/', '--dev-bind', '/dev', '/dev', '--proc', '/proc', ...writable];
  const isolation = ['--unshare-all', '--die-with-parent', '--cap-drop', 'ALL', ...added];
  const entry = [join(folder, 'leash-entry'), '--socket', '3'];
  const writes = ['--write', join(folder, 'workspace'), '--write', join(folder, 'missing'), '--write', '/dev/null'];
  const [file, ...rest] = [...options.prefix, join(folder, 'entry-driver'), log, ...sandbox, ...isolation, ...entry];
  const result: SpawnSyncReturns<string> = spawnSync(file!, [...rest, ...writes, '--', ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
    cwd: folder,
  });
  const facts = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return { status: result.status, stdout: result.stdout, stderr: result.stderr, facts };
}

describe.each(users)('leash-entry as %s', (_, prefix) => {
  it('leaves no capability, no way to one, and no descriptor', () => {
    const { stdout, facts } = run(['sh', '-c', 'cat /proc/self/status; ls /proc/$$/fd; true'], {
      prefix: [...prefix, 'sh', '-c', 'trap \'\' INT TERM PIPE; exec "$@"', 'sh'],
    });
    const status = new Map(stdout.split('\n').map((line) => line.split(/:\s+/, 2) as [string, string]));
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'SigIgn', 'SigBlk'])
      expect([set, status.get(set)]).toEqual([set, '0000000000000000']);
    expect(status.get('NoNewPrivs')).toBe('1');
    expect(status.get('Seccomp')).toBe('2');
    expect(stdout.match(/^\d+$/gm)).toEqual(['0', '1', '2']);
    expect(facts.at(-1)).toBe('exit 0');
  });

  it('leads every connection to the listeners and keeps loopback inside', () => {
    const script = join(folder, 'client.mjs');
    writeFileSync(script, NETWORK_CLIENT);
    const { stdout, stderr, facts } = run([process.execPath, script], { prefix });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      ipv4: 'echo',
      ipv6: 'echo',
      mapped: 'echo',
      tcpDns: 'echo',
      metadata: 'echo',
      loopback: 'ECONNREFUSED',
      loopback6: 'ECONNREFUSED',
      inside: 'inside',
      ownAddress: 'echo',
      dns: 'query from 8.8.8.8:53',
      dns6: 'query from 2001:4860:4860::8888:53',
      dnsStub: 'query from 127.0.0.53:53',
      oneSocketManyResolvers: ['1.1.1.1', '127.0.0.53', '8.8.8.8', '9.9.9.9'],
      quic: 'ECONNREFUSED',
      quic6: 'ECONNREFUSED',
      otherUdp: 'query from 203.0.113.9:5000',
      otherUdp6: 'query from 2606:2800::1:5000',
      mappedUdp: 'query from ::ffff:203.0.113.9:5000',
      oneSocketManyPeers: ['203.0.113.7', '203.0.113.8', '203.0.113.9'].map((host) => `${host}=${host}:5000`),
      datagrams: [0, 65507, 65001],
      bytes: 200_000_000,
      bytes6: 200_000_000,
    });
    const accepted = facts.filter((fact) => fact.startsWith('tcp ')).map((fact) => fact.split(' ')[1]);
    expect(accepted).toEqual([
      '93.184.216.34:8443',
      '[2606:2800::1]:443',
      '203.0.113.9:80',
      '8.8.8.8:53',
      '169.254.169.254:80',
      '10.255.255.1:8099',
      '93.184.216.34:443',
      '[2606:2800::1]:443',
    ]);
  });

  it('notifies the warden of every call that changes or reaches something, and refuses the dangerous ones', () => {
    const { stdout, facts } = run([join(folder, 'attack-syscalls')], { prefix });
    const results = new Map(stdout.split('\n').map((line) => line.split(/ (.*)/, 2) as [string, string]));
    const notified = (kind: string): string[] =>
      facts.filter((fact) => fact.startsWith(`${kind} `)).map((fact) => fact.split(' ')[1] ?? '');
    expect(notified('mediated').sort()).toEqual([...MEDIATED].sort());
    expect(notified('refused').sort()).toEqual([...REFUSED, ...Object.keys(REFUSED_ARGUMENTS)].sort());
    for (const name of REFUSED) expect([name, results.get(name)]).toEqual([name, '1']);
    for (const [call, labels] of Object.entries(REFUSED_ARGUMENTS)) {
      for (const label of labels) expect([call, label, results.get(`${call}:${label}`)]).toEqual([call, label, '1']);
      expect(facts).toContain(`refused ${call} ${labels.length}`);
    }
  });

  it('answers probes quietly, allows what programs need, and kills foreign entry points', () => {
    const { stdout } = run([join(folder, 'attack-syscalls')], { prefix });
    const results = new Map(stdout.split('\n').map((line) => line.split(/ (.*)/, 2) as [string, string]));
    const absent = ['clone3', 'io_uring_setup', 'io_uring_enter', 'io_uring_register', 'setxattrat', 'file_setattr'];
    const missing = [...absent, 'number:-1', 'number:470', 'number:512'];
    for (const name of missing) expect([name, results.get(name)]).toEqual([name, '38']);
    for (const name of ['sendto:fastopen', 'sendmsg:fastopen', 'sendmmsg:fastopen'])
      expect([name, results.get(name)]).toEqual([name, '95']);
    expect(results.get('socket:mptcp')).toBe('93');
    const sockets = ['unix-stream', 'unix-seqpacket', 'unix-dgram', 'tcp', 'tcp6', 'udp', 'udp6', 'route'].map(
      (s) => `socket:${s}`,
    );
    const limits = [
      'setrlimit:core',
      'prlimit64:core',
      'prlimit64:read',
      'prlimit64:read-files',
      'prlimit64:files',
      'setrlimit:files',
    ];
    const pairs = ['unix-stream', 'unix-seqpacket', 'unix-dgram'].map((s) => `socketpair:${s}`);
    const allowed = [...sockets, ...pairs, 'ioctl:FIONREAD'];
    for (const name of [
      ...allowed,
      'seccomp:plain',
      ...limits,
      'personality:linux',
      'personality:query',
      'setpriority:self',
      'ioprio_set:self',
      'unshare:files',
    ])
      expect([name, results.get(name)]).toEqual([name, '0']);
    if (process.arch !== 'x64') return;
    // A kernel without the i386 table refuses it by itself.
    const bare = spawnSync(join(folder, 'attack-syscalls'), ['entry-points'], { encoding: 'utf8' }).stdout;
    expect(results.get('i386')).toBe(bare.includes('i386 signal 11') ? 'signal 11' : 'signal 31');
    expect(results.get('x32')).toBe('signal 31');
  });

  it('sees a destination whose address has a zero low half, and leaves sends without one alone', () => {
    const { stdout, facts } = run([join(folder, 'attack-syscalls'), 'sendto'], { prefix });
    for (const call of ['sendto', 'sendmsg', 'sendmmsg']) expect(facts).toContain(`mediated ${call} 1`);
    expect(stdout).toBe('sendto:high 14\nsendto:none 89\nsendmsg 14\nsendmmsg 14\n'); // EFAULT, EDESTADDRREQ
  });

  it('closes with Landlock what is mounted writable but not granted, whatever the warden answers', ({ skip }) => {
    const attempts = [
      'echo x >workspace/new',
      'echo x >mounted/new',
      'mkdir mounted/d',
      'mv workspace/new mounted/moved',
    ];
    const script = [...attempts, 'echo x >/dev/null', 'kill -9 1', 'cat /proc/1/environ', 'ln -s a workspace/link'].map(
      (c) => `${c}; echo $?`,
    );
    const { stdout, facts } = run(['sh', '-c', script.join('\n')], { prefix });
    const abi = Number(facts.find((fact) => fact.startsWith('landlock '))?.split(' ')[1]);
    if (abi < 6) skip('this kernel has no Landlock signal scope');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line === '0'),
    ).toEqual([true, false, false, false, true, false, false, true]);
    expect(readdirSync(join(folder, 'mounted'))).toEqual([]);
  });

  it('lets no crash write a core file, nor start the program that takes them', () => {
    const script = "ulimit -c; ulimit -Hc; cd workspace; sh -c 'kill -SEGV $$'; ls";
    expect(run(['sh', '-c', script], { prefix }).stdout).toBe('0\n0\n');
    // One byte is what the kernel itself looks for; whoever asks for less is told yes, and nothing changes.
    const limit = 'prlimit --core --output=SOFT,HARD --noheadings --raw';
    expect(run(['sh', '-c', `ulimit -c 0 && ${limit}`], { prefix }).stdout).toBe('1 1\n');
  });

  it('finds the command in PATH with one execve', () => {
    const environment = { PATH: `/nonexistent:${join(folder, 'workspace')}:${process.env['PATH']}` };
    const { facts } = run(['true'], { prefix, environment });
    expect(facts).toContain('mediated execve 1');
    expect(facts.at(-1)).toBe('exit 0');
  });

  it.each([
    ['no-such-command', 2, 127],
    ['./no-such-command', 2, 127],
    ['./log', 13, 126],
    ['/tmp', 13, 126],
  ])('reports that %s cannot be started', (command, errno, status) => {
    const { facts } = run([command], { prefix });
    expect(facts.find((fact) => fact.startsWith('failed '))).toMatch(new RegExp(`^failed 5 ${errno} `));
    expect(facts.at(-1)).toBe(`exit ${status}`);
  });

  it.each([
    ['CAP_SYS_ADMIN', 'failed 1 1 making a network namespace'],
    ['CAP_NET_ADMIN', 'failed 1 1 bringing loopback up'],
    ['CAP_SETPCAP', 'failed 3 1 dropping the capability bounding set'],
  ])('does not start the command without %s', (capability, fact) => {
    const held = capabilities.filter((name) => name !== capability);
    const { stdout, facts } = run(['echo', 'started'], { prefix, capabilities: held });
    expect(facts.some((line) => line.startsWith(fact))).toBe(true);
    expect(stdout).toBe('');
    expect(facts.at(-1)).toBe('exit 125');
  });
});

describe('leash-entry', () => {
  it.each([
    [[]],
    [['--socket']],
    [['--socket', '2', '--', 'true']],
    [['--socket', '3x', '--', 'true']],
    [['--socket', '3', '--']],
  ])('rejects the arguments %j', (given) => {
    const { status, stderr } = spawnSync(join(folder, 'leash-entry'), given, { encoding: 'utf8' });
    expect(status).toBe(125);
    expect(stderr).toMatch(/^usage: leash-entry/);
  });

  it('ends without starting the command when the warden is gone', () => {
    const script = `exec 3</dev/null; exec unshare -Urn ${join(folder, 'leash-entry')} --socket 3 -- echo started`;
    const { status, stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(125);
  });
});
