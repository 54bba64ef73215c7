// A session in a container in; that it is a session like any other, and that nothing of the image runs beside the agent, out.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readSessionInfo } from '../../src/journal/session-file.ts';
import { ENGINES, engineMissing, Lab } from '../fixtures/containers.ts';
import { finished, type LeashRequest, type LeashResult, Place, POLICY, runLeash } from '../fixtures/leash.ts';

const UID = process.getuid?.() ?? 0;
/** Connects before the container can, and tells how many descriptors it was given. */
const INTRUDER = `
import glob, socket, sys, time
print('ready', flush=True)
while not (found := glob.glob(sys.argv[1] + '/*/own/warden')): time.sleep(0.001)
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
while glob.glob(found[0]) and s.connect_ex(found[0]): time.sleep(0.001)
try: print(len(socket.recv_fds(s, 999, 9)[1]) or 'nothing')
except OSError: print('nothing')
`;
const engines = ENGINES.map((name) => ({ name, missing: engineMissing(name) }));

describe.each(engines)('$name', { timeout: 120_000 }, ({ name, missing }) => {
  let lab: Lab;
  let plain: string;
  let place: Place;
  beforeAll(async () => {
    if (missing !== undefined) return;
    lab = await Lab.open(name);
    plain = lab.image('plain', 'ENV FROM_IMAGE=yes');
  }, 120_000);
  afterAll(() => lab?.close());
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
    place = new Place();
  });
  afterEach(() => {
    if (missing !== undefined) return;
    expect(lab.containers()).toEqual([]);
    place.remove();
  });

  const run = (
    command: readonly string[],
    more: Partial<LeashRequest> & { image?: string } = {},
  ): Promise<LeashResult> =>
    runLeash(place, {
      policy: POLICY,
      ...more,
      command,
      env: { ...lab.env, ...more.env },
      args: ['--backend', name, '--image', more.image ?? plain, ...(more.args ?? [])],
    });
  const sh = (script: string, more: Parameters<typeof run>[1] = {}): Promise<LeashResult> =>
    run(['sh', '-c', script], more);

  test('the agent has its workspace, its streams and its status; the journal says where it ran', async () => {
    const { status, stdout, stderr, session } = await sh('cat; pwd; echo made > made; echo loud >&2; exit 7', {
      input: 'from outside\n',
    });
    expect(status, stderr).toBe(7);
    expect(stdout.toString()).toBe(`from outside\n${place.workspace}\n`);
    expect(stderr).toContain('loud\n');
    expect(readFileSync(path.join(place.workspace, 'made'), 'utf8')).toBe('made\n');
    const info = readSessionInfo(path.join(place.home, '.local/state/leash/sessions', session ?? ''));
    expect(info.backend).toBe(name);
  });

  test('what the policy forbids is refused and recorded, by the same words', async () => {
    place.write('vault/secret', 'canary');
    place.write('forbidden', '#!/bin/sh\necho ran\n', 0o755);
    const { stdout, events } = await sh('cat vault/secret; ./forbidden; mv vault public; echo end');
    expect(stdout.toString()).toBe('end\n');
    const denied = events.filter(({ effect }) => effect === 'deny').map(({ action }) => action);
    expect(denied).toEqual(expect.arrayContaining(['FileOpenReadOnly', 'ProcessExec']));
  });

  test('no capability, one filter, no way to gain anything, no terminal of the host, no network but Leash', async () => {
    const { stdout } = await sh(
      'grep -E "^(Cap|NoNew|Seccomp:|Groups)" /proc/self/status; ip link 2>/dev/null | grep -c "^[0-9]*: .*UP"; nc -w 1 192.0.2.1 80 </dev/null || echo refused',
    );
    const text = stdout.toString();
    expect(text.match(/^Cap\w+:\t0000000000000000$/gm)).toHaveLength(5);
    expect(text).toMatch(/^NoNewPrivs:\t1$/m);
    expect(text).toMatch(/^Seccomp:\t2$/m);
    expect(text).toMatch(/^Groups:\t\s*$/m);
    expect(text).toMatch(/\n1\nrefused\n$/);
  });

  test('the environment is the image’s, with little of the host’s; nothing of it is in the first process or on a command line', async () => {
    const { stdout } = await sh('env; echo --; tr "\\0" "\\n" < /proc/1/environ; tr "\\0" " " < /proc/1/cmdline', {
      env: { HOST_ONLY: 'host', LANG: 'xx', HTTPS_PROXY: 'http://u:canary-proxy@h:1' },
      args: ['--env', 'GIVEN=canary-given'],
    });
    const [own = '', first = ''] = stdout.toString().split('--\n');
    expect(own).toContain('FROM_IMAGE=yes\n');
    expect(own).toContain('GIVEN=canary-given\n');
    expect(own).toContain('LANG=xx\n');
    expect(own).toContain(`HOME=${place.home}\n`);
    expect(own).not.toMatch(/HOST_ONLY|canary-proxy/);
    expect(first).not.toMatch(/canary|FROM_IMAGE/);
  });

  test('what the agent makes has the modes that the person’s umask gives', async () => {
    const by = ['sh', '-c', 'umask 027; exec "$@"', 'sh'];
    const { stdout } = await sh('umask; touch made', { by });
    expect(stdout.toString()).toBe('0027\n');
    expect(statSync(path.join(place.workspace, 'made')).mode & 0o777).toBe(0o640);
  });

  test('the home is private and empty, and secrets in a workspace that is the home are masked', async () => {
    place.write(path.join(place.home, '.ssh/id'), 'canary');
    place.write(path.join(place.home, 'seen'), 'seen');
    const away = await sh('ls -A ~; echo mine > ~/mine; cat ~/mine');
    expect(away.stdout.toString()).toBe('mine\n');
    const within = await sh('cat seen; ls -A .ssh .local/state/leash; cat .ssh/id; mv .ssh moved; echo end', {
      workspace: place.home,
      args: ['--workspace', place.home],
    });
    expect(within.stdout.toString()).toMatch(/^seen/);
    expect(within.stdout.toString()).not.toContain('canary');
    expect(existsSync(path.join(place.home, '.ssh/id'))).toBe(true);
  });

  test('the agent is the image’s user, and the warden acts as that user', async (context) => {
    if (UID !== 0) context.skip('an ordinary user is the agent’s user');
    const image = lab.image('user', 'USER somebody');
    const open = place.write('open/file', 'public');
    const ws = path.dirname(open);
    place.write('open/mine', 'canary', 0o600);
    for (const folder of [place.root, place.workspace, ws]) chmodSync(folder, 0o777);
    const { stdout, stderr } = await sh('id -u; id -g; cat mine; cat file; echo x > y; head -c 6 "$LEASH_DENIALS"', {
      image,
      workspace: ws,
      args: ['--workspace', ws],
    });
    expect(stdout.toString(), stderr).toBe('1234\n1234\npublic# What');
    expect(statSync(path.join(ws, 'y')).uid).toBe(1234);
  });

  test('a health check of the image, which the engine runs inside, is not run', async (context) => {
    if (name === 'podman') context.skip('without systemd podman runs none, and its images keep none');
    const image = lab.image('check', 'HEALTHCHECK --interval=1s CMD ["touch","/tmp/checked"]');
    const { stdout } = await sh('sleep 4; ls /tmp/checked; echo end', { image });
    expect(stdout.toString()).toBe('end\n');
  });

  test('an entrypoint, a command and a volume of the image count for nothing', async () => {
    const image = lab.image(
      'entry',
      'ENTRYPOINT ["/bin/touch","/ran"]',
      'CMD ["more"]',
      'WORKDIR /root',
      `VOLUME ${place.workspace}`,
    );
    place.write('here', 'here');
    const { stdout } = await sh('pwd; cat here; ls /ran', { image });
    expect(stdout.toString()).toBe(`${place.workspace}\nhere`);
  });

  test('a shell is not needed; a command that is not there is', async () => {
    expect((await run(['/bin/busybox', 'echo', 'hello'])).stdout.toString()).toBe('hello\n');
    const absent = await run(['no-such-agent']);
    expect([absent.status, absent.stderr]).toEqual([127, expect.stringContaining('LEASH_COMMAND_NOT_FOUND')]);
  });

  test('volumes, at a place of their own: to read, to change; what is secret in them, or Leash’s, is neither', async () => {
    const data = path.join(place.home, 'data');
    place.write(path.join(data, 'in'), 'data');
    place.write(path.join(data, 'claude/.credentials.json'), 'the secret');
    place.write(path.join(place.home, '.config/leash/config.toml'), `[volumes]\n"${data}" = "/read:ro"\n`, 0o600);
    const script = `cat /read/in; echo x >/read/in || echo ' kept'; echo changed >/write/in; ls /write/claude
      cat /read/claude/.credentials.json /write/claude/.credentials.json; rm -rf /write/claude; echo end`;
    const { stdout, stderr } = await sh(script, {
      env: { CLAUDE_CONFIG_DIR: path.join(data, 'claude') },
      args: ['--mode', 'shadow', '-v', `${data}:/write`],
    });
    expect(stdout.toString(), stderr).toBe('data kept\nend\n');
    expect(readFileSync(path.join(data, 'in'), 'utf8')).toBe('changed\n');
    expect(readFileSync(path.join(data, 'claude/.credentials.json'), 'utf8')).toBe('the secret');
    const state = path.join(place.home, '.local/state');
    const own = await sh('ls /x/leash; touch /x/leash/planted; echo end', {
      args: ['--mode', 'shadow', '-v', `${state}:/x`],
    });
    expect(own.stdout.toString()).toBe('end\n');
    expect(existsSync(path.join(state, 'leash/planted'))).toBe(false);
  });

  test('a read-only image keeps everything but the workspace and what is private', async () => {
    const script = `for f in /planted /etc/planted /bin/planted /var/planted; do echo x >$f || echo kept; done 2>/dev/null
      echo tmp >/tmp/a && echo home >~/a && echo var >/var/tmp/a && echo ws >a && cat /tmp/a ~/a /var/tmp/a a`;
    const { stdout, stderr } = await sh(script, { env: { LEASH_READ_ONLY: '1' } });
    expect(stdout.toString(), stderr).toBe(`${'kept\n'.repeat(4)}tmp\nhome\nvar\nws\n`);
    const refused = await sh('true', { env: { LEASH_READ_ONLY: 'perhaps' } });
    expect(refused.stderr).toContain('LEASH_USAGE: LEASH_READ_ONLY is "perhaps"');
  });

  test('what cannot be is refused in a line, and nothing is left', async () => {
    const none = await run(['true'], { image: 'localhost/none:1' });
    expect(none.status).toBe(125);
    expect(none.stderr).toMatch(/LEASH_IMAGE: there is no image localhost\/none:1 here; get it with: \w+ pull/);
    const option = await run(['true'], { image: '--privileged' });
    expect(option.stderr).toMatch(/LEASH_IMAGE|LEASH_USAGE/);
    const odd = path.join(place.workspace, 'a,destination=b');
    mkdirSync(odd);
    const comma = await run(['true'], { workspace: odd });
    expect(comma.stderr).toContain('LEASH_WORKSPACE');
    const variable = { podman: 'CONTAINER_HOST', docker: 'DOCKER_HOST' }[name];
    const nobody = await run(['true'], { env: { [variable]: 'tcp://127.0.0.1:1' } });
    expect(nobody.stderr).toContain(`LEASH_BACKEND: ${name} does not answer`);
    expect(readdirSync(path.join(place.home, '.local/state/leash/containers'))).toEqual([]);
  });

  test('who comes to the warden in the place of the container’s first process is turned away, and nothing runs', async () => {
    let isBeaten = true;
    // The container may be faster; then there is nothing to come to.
    for (let tries = 0; isBeaten && tries < 10; tries++) {
      const intruder = spawn('python3', ['-c', INTRUDER, path.join(place.home, '.local/state/leash/containers')]);
      const said = finished(intruder);
      await new Promise((resolve) => intruder.stdout.once('data', resolve));
      const { status, stdout, stderr } = await sh('echo ran');
      // The door may have come and gone between two looks; then it would look for ever.
      const last = setTimeout(() => intruder.kill(), 2_000);
      expect((await said).stdout.toString()).toMatch(/^ready\n(nothing\n)?$/);
      clearTimeout(last);
      isBeaten = status === 0;
      if (isBeaten) continue;
      // A manager that is busy for longer than the warden waits for it only hears that the warden is gone.
      expect(stderr).toMatch(/first process is not the one that Leash put there|LEASH_ENGINE_LOST/);
      expect([status, stdout.toString()]).toEqual([125, '']);
    }
    expect(isBeaten).toBe(false);
    await expect.poll(() => lab.containers(), { timeout: 50_000 }).toEqual([]);
  });

  test('a container that a killed session made and never started is removed by the next', async () => {
    const folder = path.join(place.home, '.local/state/leash/containers/leash-4194304-0badcafe');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'engine.json'), JSON.stringify([lab.engine.program, ...lab.engine.options]));
    lab.create('leash-4194304-0badcafe', plain);
    expect(lab.containers()).toEqual(['leash-4194304-0badcafe']);
    await run(['true']);
    expect(lab.containers()).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  });
});
