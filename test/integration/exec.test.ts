// Further commands in the sandbox of a running agent: theirs are its rules, limits and end; and the agent gains nothing by them.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import {
  asIdentity,
  eventsOf,
  finished,
  IDENTITIES,
  type LeashResult,
  PERMISSIVE,
  Place,
  POLICY,
  runLeash,
  sessionsOf,
  startLeash,
} from '../fixtures/leash.ts';
import { killSession, remains, sessionProcesses } from '../fixtures/session-processes.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['read-paths', 'run-programs', 'print-secret']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('beside the agent, as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    place.write('vault/secret.txt', 'TOP SECRET\n', 0o600);
  });
  afterEach(() => {
    killSession(place);
    place.remove();
  });

  const begin = async (command: readonly string[] = ['sleep', '300'], policy = POLICY): Promise<string> => {
    const { stderr, stdout } = await runLeash(place, { policy, command, args: ['-d'], journal: false });
    expect(stderr).toBe('');
    return stdout.toString().trim();
  };
  const exec = (command: readonly string[], options: readonly string[] = [], input = ''): Promise<LeashResult> =>
    runLeash(place, { command: [], args: ['exec', ...options, 'latest', '--', ...command], input, journal: false });

  it('has its own streams and status, and is in the journal as a person’s doing', async () => {
    await begin();
    const script = 'echo out; echo err >&2; cat; cat vault/secret.txt; exit 5';
    const deaf = await exec(['sh', '-c', script], [], 'not read');
    expect([deaf.status, deaf.stdout.toString(), deaf.stderr]).toEqual([
      5,
      'out\n',
      'err\ncat: vault/secret.txt: Permission denied\n',
    ]);
    const big = 'x'.repeat(3_000_000);
    const fed = await exec(['cat'], ['-i'], big);
    expect([fed.status, fed.stdout.toString() === big]).toEqual([0, true]);
    const events = await eventsOf(place);
    expect(events).toContainEqual(
      expect.objectContaining({ action: 'SessionExec', detail: { argv: ['sh', '-c', script] } }),
    );
    expect(events).toContainEqual(
      expect.objectContaining({
        action: 'FileOpenReadOnly',
        effect: 'deny',
        policies: ['no-forbidden'],
        who: expect.objectContaining({ exe: expect.stringMatching(/\/cat$/) }),
      }),
    );
    // Its root in the tree of processes is what started it, not the agent.
    const [shell] = events.filter(
      ({ action, resource }) => action === 'ProcessExec' && JSON.stringify(resource).includes('sh"'),
    );
    expect(shell?.who).toMatchObject({ exe: '/run/leash/entry' });
  });

  it.each([
    ['absent', ['nonesuch'], POLICY, 127, /LEASH_COMMAND_NOT_FOUND: there is no command nonesuch/],
    ['no program', ['/etc/passwd'], POLICY, 126, /LEASH_COMMAND_NOT_EXECUTABLE/],
    [
      'forbidden',
      ['cat', 'x'],
      `${POLICY} @id("no-cat") forbid(principal, action == Action::"ProcessExec", resource) when { resource.name == "cat" };`,
      126,
      /LEASH_COMMAND_DENIED: the policy denies ProcessExec on .*cat \(forbidden by no-cat\)/,
    ],
    ['too long', ['true', 'x'.repeat(100_000)], POLICY, 2, /more than 98304 bytes/],
  ])('says why a command that is %s is not run', async (_what, command, policy, status, message) => {
    await begin(['sleep', '300'], policy);
    const result = await exec(command);
    expect([result.status, result.stderr]).toEqual([status, expect.stringMatching(message)]);
  });

  it('is on a terminal of its own with -t, and needs one here', async () => {
    await begin();
    const refused = await exec(['true'], ['-t']);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/LEASH_TERMINAL_NONE/)]);
    const command = [...asIdentity(as), process.execPath, MAIN, 'exec', '-it', 'latest', 'bash', '--norc', '-i'];
    const { stdout } = spawnSync('python3', [DRIVER, ...command], {
      input: JSON.stringify([
        ['resize', 31, 99],
        ['expect', 'bash-'],
        ['send', 'stty size; echo $TERM; test -t 1 && echo tt""y; sh -c "sleep 1; echo u\'\'p; exec sleep 100"\n'],
        ['expect', '\\b31 99\r\n'],
        ['expect', '^xterm-256color\r\n'],
        ['expect', '^tty\r\n'],
        // A key that comes before the shell has handed the terminal on, or in that moment, ends the shell.
        ['expect', '^up\r\n'],
        ['send', '\x03'],
        ['expect', 'bash-'],
        ['send', 'exit 6\n'],
        ['expect', 'exit'],
      ]),
      cwd: place.workspace,
      env: { ...place.environment, TERM: 'xterm-256color' },
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(JSON.parse(stdout)).toMatchObject({ failed: null, status: 6 });
  });

  it('ends with the agent, and with the one who asked for it', async () => {
    await begin(['sh', '-c', 'until test -e over; do sleep 0.1; done']);
    const long = startLeash(place, { command: [], args: ['exec', 'latest', '--', 'sh', '-c', 'echo up; sleep 1234'] });
    const longEnd = finished(long);
    const other = startLeash(place, { command: [], args: ['exec', 'latest', '--', 'sh', '-c', 'echo up; sleep 4321'] });
    const otherEnd = finished(other);
    const runs = (word: string): boolean =>
      sessionProcesses(place).some(({ command }) => command[0] === 'sleep' && command[1] === word);
    await expect.poll(() => runs('1234') && runs('4321'), { timeout: 50_000 }).toBe(true);
    long.kill('SIGKILL');
    await longEnd;
    await expect.poll(() => runs('1234'), { timeout: 50_000 }).toBe(false);
    expect(runs('4321')).toBe(true);
    place.write('over', '');
    expect(await otherEnd).toMatchObject({ status: 125, stderr: expect.stringMatching(/LEASH_SESSION_OVER/) });
    await expect.poll(() => remains(place), { timeout: 50_000 }).toEqual([]);
  });

  it.each(['read-paths', 'run-programs'])('is no way around a rule: %s', async (program) => {
    attacks.put(place, program);
    attacks.put(place, 'print-secret');
    await begin();
    const beside = (await exec([`./${program}`])).stdout.toString();
    killSession(place);
    const agent = await runLeash(place, { policy: POLICY, command: [`./${program}`], journal: false });
    expect(beside.split('\n').length).toBeGreaterThan(5);
    expect(beside).toBe(agent.stdout.toString());
    expect(beside).not.toContain('TOP SECRET');
    expect(beside).not.toMatch(/ secret$/m);
  });

  it('takes no time of a processor while nobody asks for a command', async () => {
    await begin();
    const state = (): string | undefined => {
      const starter = sessionProcesses(place).find(({ name }) => name === 'leash-starter');
      return starter && /^State:\t(.)/m.exec(readFileSync(`/proc/${starter.pid}/status`, 'utf8'))?.[1];
    };
    await expect.poll(state, { timeout: 50_000 }).toBe('S');
  });

  it('gives the agent nothing: no process with more than its own rights, no memory, no descriptor', async () => {
    // Looks at every process as often as it can, while commands are started; then tries the starter.
    const watcher = place.write(
      'watch.py',
      `
import ctypes, os, re, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(*a):
    return "done" if libc.syscall(*a) >= 0 else os.strerror(ctypes.get_errno())
seen, starter = set(), 0
open("begun", "w").close()
while not os.path.exists("enough"):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = open("/proc/" + pid + "/status").read()
        except OSError:
            continue
        name = re.search(r"Name:\\t(.*)", text).group(1)
        rights = re.search(r"CapPrm:\\t(.*)", text).group(1), re.search(r"NoNewPrivs:\\t(.)", text).group(1), re.search(r"Seccomp:\\t(.)", text).group(1)
        if name != "bwrap":
            seen.add(rights)
        if name == "leash-starter":
            starter = int(pid)
out = open("report", "w")
print("rights", sorted(seen), file=out)
print("trace", call(101, 16, starter, 0, 0), file=out)
print("seize", call(101, 0x4206, starter, 0, 0), file=out)
print("memory", call(310, starter, 0, 0, 0, 0, 0), file=out)
pidfd = libc.syscall(434, starter, 0)
for fd in range(3, 12):
    if call(438, pidfd, fd, 0) == "done":
        print("took", fd, file=out)
for name in ("mem", "environ"):
    try:
        open("/proc/%d/%s" % (starter, name), "r+b"); print("opened", name, file=out)
    except OSError as e:
        pass
print("descriptors", len(os.listdir("/proc/%d/fd" % starter)), file=out)
out.close()
os.kill(starter, 9)
open("over", "w").close()
import time; time.sleep(300)
`,
    );
    await begin(['python3', watcher]);
    await expect.poll(() => existsSync(path.join(place.workspace, 'begun')), { timeout: 50_000 }).toBe(true);
    for (let n = 0; n < 8; n++) expect((await exec(['true'])).status).toBe(0);
    place.write('enough', '');
    await expect.poll(() => existsSync(path.join(place.workspace, 'over')), { timeout: 50_000 }).toBe(true);
    expect(readFileSync(path.join(place.workspace, 'report'), 'utf8')).toBe(
      [
        "rights [('0000000000000000', '1', '2')]",
        'trace Operation not permitted',
        'seize Operation not permitted',
        'memory Operation not permitted',
        'descriptors 1',
        '',
      ].join('\n'),
    );
    // It may end the starter, as any process of its own: then nobody can start commands, and it is said.
    const after = await exec(['true']);
    expect([after.status, after.stderr]).toEqual([125, expect.stringMatching(/LEASH_EXEC: true cannot be run/)]);
  });
});

it('runs in a session on its own terminal too, and in none that is over', async () => {
  const place = new Place();
  try {
    const child = startLeash(place, { policy: PERMISSIVE, command: ['cat'] });
    const end = finished(child);
    const gate = (): string =>
      path.join(place.home, '.local/state/leash/sessions', sessionsOf(place)[0] ?? 'none', 'gate.sock');
    await expect.poll(() => existsSync(gate()), { timeout: 50_000 }).toBe(true);
    const exec = (): Promise<LeashResult> =>
      runLeash(place, { command: [], args: ['exec', 'latest', 'echo', 'hi'], journal: false });
    expect((await exec()).stdout.toString()).toBe('hi\n');
    child.stdin?.end();
    expect((await end).status).toBe(0);
    expect(await exec()).toMatchObject({ status: 125, stderr: expect.stringMatching(/LEASH_SESSION_OVER/) });
  } finally {
    killSession(place);
    place.remove();
  }
});
