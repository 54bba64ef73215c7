// Every known way around a rule about a path: each leads to the file where nothing forbids it, and none where the policy does.
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { IDENTITIES, leashCommand, PERMISSIVE, Place, POLICY, runLeash } from '../fixtures/leash.ts';

const SECRET = 'TOP SECRET\n';

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['read-paths', 'move-names', 'change-file', 'run-programs', 'print-secret']);
});
afterAll(() => attacks.remove());

/** What no policy permits, and what the kernel itself refuses. */
const NEVER: Readonly<Record<string, string>> = {
  too_long: 'ENAMETOOLONG',
  not_utf8: 'EACCES',
  bind_mount: 'EPERM',
  new_mount: 'EPERM',
  change_root: 'EPERM',
  own_namespace: 'EPERM',
  // What has no path cannot be judged by one.
  memory: 'nothing',
  deleted: 'nothing',
  ring: 'ENOSYS',
  handle: 'EPERM',
  other_memory: 'EPERM',
  trace_other: 'EPERM',
  memory_of_other: 'EACCES',
  memory_of_init: 'EACCES',
  memory_of_self: 'EACCES',
  memory_of_task: 'EACCES',
};

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  const renew = (): void => {
    place = new Place(as);
    place.write('vault/secret.txt', SECRET, 0o600);
  };
  beforeEach(renew);
  afterEach(() => place.remove());

  const outcomes = async (program: string, policy: string): Promise<Record<string, string>> => {
    attacks.put(place, program);
    const { stdout } = await runLeash(place, { policy, command: [`./${program}`] });
    const lines = stdout.toString().trimEnd().split('\n');
    return Object.fromEntries(lines.map((line) => line.split(' ', 2) as [string, string]));
  };

  it.each(['read-paths', 'run-programs'])('%s', async (program) => {
    const open = await outcomes(program, PERMISSIVE);
    for (const [way, outcome] of Object.entries(open)) expect([way, outcome]).toEqual([way, NEVER[way] ?? 'secret']);
    const closed = await outcomes(program, POLICY);
    expect(Object.keys(closed)).toEqual(Object.keys(open));
    for (const [way, outcome] of Object.entries(closed)) {
      // A program of its own reports nothing but an empty stream.
      const refusal = program === 'read-paths' ? 'EACCES' : 'nothing';
      expect([way, outcome]).toEqual([way, NEVER[way] ?? refusal]);
    }
  });

  it('move-names', async () => {
    const closed = await outcomes('move-names', POLICY);
    expect(Object.keys(closed)).toHaveLength(14);
    for (const [way, outcome] of Object.entries(closed)) expect([way, outcome]).toEqual([way, NEVER[way] ?? 'EACCES']);
    expect(readdirSync(path.join(place.workspace, 'vault'))).toEqual(['secret.txt']);
    // Where nothing forbids it the first of them takes the file away from the others.
    expect((await outcomes('move-names', PERMISSIVE))['hard_link']).toBe('secret');
  });

  it('move-names, where only reading is forbidden: no new name makes it permitted', async () => {
    const policy = `${PERMISSIVE} forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.path like "*/vault/*" };`;
    const closed = await outcomes('move-names', policy);
    for (const [way, outcome] of Object.entries(closed)) expect([way, outcome]).toEqual([way, NEVER[way] ?? 'EXDEV']);
    expect(readdirSync(path.join(place.workspace, 'vault'))).toEqual(['secret.txt']);
  });

  it('change-file', async () => {
    const file = path.join(place.workspace, 'vault/secret.txt');
    const before = statSync(file, { bigint: true });
    const closed = await outcomes('change-file', POLICY);
    expect(Object.keys(closed)).toHaveLength(27);
    for (const [change, outcome] of Object.entries(closed)) expect([change, outcome]).toEqual([change, 'EACCES']);
    const after = statSync(file, { bigint: true });
    expect([after.ino, after.mode, after.mtimeNs, after.ctimeNs]).toEqual([
      before.ino,
      before.mode,
      before.mtimeNs,
      before.ctimeNs,
    ]);
    expect(readFileSync(file, 'utf8')).toBe(SECRET);
    expect(readdirSync(path.join(place.workspace, 'vault'))).toEqual(['secret.txt']);
    const open = await outcomes('change-file', PERMISSIVE);
    for (const [change, outcome] of Object.entries(open)) expect([change, outcome]).toEqual([change, 'done']);
  });

  it('a folder filled elsewhere cannot be moved to where its content could not have been written', async () => {
    const policy = `${PERMISSIVE} forbid(principal, action in Action::"FileOpenReadWrite", resource) when { resource.path like "*/.hooks/run/*" };`;
    place.write('filled/run/planted', 'x');
    place.write('project/readme', 'x');
    const move = `${process.execPath} -e 'fs.renameSync("filled", "project/.hooks")'`;
    const refused = await runLeash(place, { policy, command: ['sh', '-c', move] });
    expect(refused.stderr).toContain('EXDEV');
    expect(existsSync(path.join(place.workspace, 'project/.hooks'))).toBe(false);
    // mv(1) then copies, and each file is judged.
    const copied = await runLeash(place, { policy, command: ['mv', 'filled', 'project/.hooks'] });
    expect(copied.status).not.toBe(0);
    expect(existsSync(path.join(place.workspace, 'project/.hooks/run/planted'))).toBe(false);
    expect(
      (await runLeash(place, { policy, command: ['sh', '-c', 'mv filled other && mv other project/fine'] })).status,
    ).toBe(0);
  });

  it('a forbidden program named as the dynamic loader of another does not run', async () => {
    attacks.put(place, 'print-secret', 'forbidden');
    const loader = path.join(place.workspace, 'forbidden');
    const source = place.write('empty.c', 'int main(void) { return 0; }');
    execFileSync('cc', ['-o', path.join(place.workspace, 'innocent'), source, `-Wl,--dynamic-linker=${loader}`]);
    const open = await runLeash(place, { policy: PERMISSIVE, command: ['./innocent'] });
    expect(open.stdout.toString()).toBe(SECRET);
    const closed = await runLeash(place, { policy: POLICY, command: ['./innocent'] });
    expect(closed.stdout.toString()).toBe('');
    expect(closed.status).not.toBe(0);
  });

  it('a set-user-id bit is neither given nor obeyed', async () => {
    const script = `cp /bin/id id; chmod 4755 id; chmod u+s id; stat -c %a id; ${process.execPath} -e 'fs.openSync("made", "w", 0o4755)'; stat -c %a made`;
    const { stdout } = await runLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', script] });
    expect(stdout.toString()).toMatch(/^[0-7]{3}\n[0-7]{3}\n$/);
  });

  it('no device can be made', async () => {
    const { status, stderr } = await runLeash(place, { policy: PERMISSIVE, command: ['mknod', 'disk', 'b', '8', '0'] });
    expect(status).not.toBe(0);
    expect(stderr).toContain('Operation not permitted');
  });

  it('a file of the host handed in as standard input is not opened again with more rights', async () => {
    const file = place.write(path.join(place.root, 'outside'), 'outside');
    const [program = '', ...args] = leashCommand(place, {
      policy: PERMISSIVE,
      command: [
        'sh',
        '-c',
        'cat; echo inside >/proc/self/fd/0; echo inside >/dev/stdin; truncate -s 0 /dev/stdin; chmod 777 /dev/stdin',
      ],
    });
    const input = openSync(file, 'r');
    const { stdout } = spawnSync(program, args, {
      cwd: place.workspace,
      env: place.environment,
      stdio: [input, 'pipe', 'pipe'],
    });
    closeSync(input);
    expect(stdout.toString()).toBe('outside');
    expect(readFileSync(file, 'utf8')).toBe('outside');
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it("the host's unix sockets are out of reach, those in the workspace under the policy", async () => {
    const abstract = `\0leash-test-${place.mark}`;
    const names = [
      path.join(place.root, 'host.sock'),
      path.join(place.workspace, 'vault/inside.sock'),
      path.join(place.workspace, 'open.sock'),
    ];
    const servers = [abstract, ...names].map((name) =>
      createServer((socket) => socket.on('error', () => undefined).end('reached')).listen(name),
    );
    await Promise.all(
      servers.map(
        (server) => new Promise((resolve) => (server.listening ? resolve(0) : server.once('listening', resolve))),
      ),
    );
    for (const name of names) execFileSync('chmod', ['777', name]);
    const client = `for (const name of ${JSON.stringify([abstract, ...names])}) {
      const socket = require('node:net').connect(name);
      socket.on('data', (text) => console.log(name.split('/').pop(), String(text))).on('error', (error) => console.log(name.split('/').pop(), error.code));
    }`;
    const reach = async (policy: string): Promise<string[]> => {
      const { stdout } = await runLeash(place, { policy, command: [process.execPath, '-e', client] });
      return stdout
        .toString()
        .trimEnd()
        .split('\n')
        .sort()
        .map((line) => line.split(' ')[1] ?? '');
    };
    try {
      // In the order of the names: abstract, host, inside, open.
      expect(await reach(PERMISSIVE)).toEqual(['ECONNREFUSED', 'ENOENT', 'reached', 'reached']);
      expect(await reach(POLICY)).toEqual(['ECONNREFUSED', 'ENOENT', 'EACCES', 'reached']);
    } finally {
      for (const server of servers) server.close();
    }
  });
});
