// Sessions in containers whose changes are kept aside: the same words, guarantees and commands as in bubblewrap.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ENGINES, engineMissing, Lab } from '../fixtures/containers.ts';
import { type LeashRequest, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';
import { killSession } from '../fixtures/session-processes.ts';

const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));
const UID = process.getuid?.() ?? 0;
const engines = ENGINES.map((name) => ({ name, missing: engineMissing(name) }));

describe.each(engines)('$name', { timeout: 120_000 }, ({ name, missing }) => {
  let lab: Lab;
  let plain: string;
  let place: Place;
  beforeAll(async () => {
    if (missing !== undefined) return;
    lab = await Lab.open(name);
    plain = lab.image('plain');
  }, 120_000);
  afterAll(() => lab?.close());
  beforeEach((context) => {
    if (missing !== undefined) context.skip(missing);
    place = new Place();
  });
  afterEach(async () => {
    if (missing !== undefined) return;
    killSession(place);
    await expect.poll(() => lab.containers(), { timeout: 50_000, interval: 200 }).toEqual([]);
    place.remove();
  });

  const run = (
    script: string,
    args: readonly string[] = ['--review'],
    more: Partial<LeashRequest> & { image?: string } = {},
  ): Promise<LeashResult> =>
    runLeash(place, {
      policy: PERMISSIVE,
      ...more,
      command: ['sh', '-c', script],
      env: { ...lab.env, ...more.env },
      args: ['--backend', name, '--image', more.image ?? plain, '--env', `SESSION_MARK=${place.mark}`, ...args],
    });
  const leash = (...words: string[]): { readonly status: number | null; readonly stdout: string; stderr: string } =>
    spawnSync(process.execPath, [MAIN, ...words], {
      cwd: place.workspace,
      env: place.environment,
      encoding: 'utf8',
    });
  const host = (file: string): string | undefined => {
    const at = path.resolve(place.workspace, file);
    return fs.existsSync(at) ? fs.readFileSync(at, 'utf8') : undefined;
  };
  const changes = (): string => path.join(place.home, '.local/state/leash/changes');

  test('nothing changes until it is accepted, in the workspace, a folder at another place and a file', async () => {
    place.write('a', 'one\n');
    place.write('gone/x', 'x\n');
    const settings = path.dirname(place.write(path.join(place.home, '.agent/settings'), 'old\n'));
    const single = place.write(path.join(place.home, '.agent.json'), '{}\n');
    const script = `echo two >>a && rm -r gone && mkdir sub && echo s >sub/s && cat a
      echo new >>~/.deep/agent/settings; echo hook >>~/.agent.json; touch ~/.deep/own && pwd
      grep -E "^Cap" /proc/self/status | cut -f2 | sort -u`;
    const deep = path.join(place.home, '.deep/agent');
    const args = ['--review', '-v', `${settings}:${deep}:review`, '-v', `${single}:review`];
    const { status, stdout, stderr } = await run(script, args);
    expect([status, stdout.toString()], stderr).toEqual([0, `one\ntwo\n${place.workspace}\n0000000000000000\n`]);
    expect([host('a'), host('gone/x'), host('sub/s')]).toEqual(['one\n', 'x\n', undefined]);
    expect([host(path.join(settings, 'settings')), host(single)]).toEqual(['old\n', '{}\n']);
    expect(stderr).toContain('7 changes wait: leash diff');
    expect(leash('diff', 'a').stdout).toContain('\n one\n+two\n');
    expect(leash('accept', '--all')).toMatchObject({ status: 0, stderr: 'leash: 7 changes accepted\n' });
    expect([host('a'), host('gone/x'), host('sub/s')]).toEqual(['one\ntwo\n', undefined, 's\n']);
    expect([host(path.join(settings, 'settings')), host(single)]).toEqual(['old\nnew\n', '{}\nhook\n']);
    expect(fs.readdirSync(changes())).toEqual([]);
  });

  test('the layers are out of the agent’s reach, by every name they have', async () => {
    place.write('a', 'lower\n');
    const layers = '/run/leash/changes';
    const ways = [layers, `/proc/1/root${layers}`, `/proc/self/root${layers}`, `/proc/1/cwd/../../..${layers}`];
    const tries = ways.flatMap((way) => [
      `cat ${way}/0/lower/a`,
      `ls ${way}/0/own`,
      `touch ${way}/0/own/upper/planted`,
      `echo planted >>${way}/0/lower/a`,
    ]);
    const script = `{ ${tries.join('; ')}; umount "$PWD"; umount -l ${layers}; mknod w c 0 0; (cd /proc/1/cwd && echo planted >a); } 2>/dev/null; cat a`;
    const { stdout, stderr } = await run(script);
    expect(stdout.toString(), stderr).toMatch(/^(lower|planted)\n$/);
    expect(host('a')).toBe('lower\n');
    expect(leash('diff', '--stat').stdout).not.toMatch(/^A/m);
  });

  test('what is secret is masked again over the overlay, under any name', async () => {
    const home = path.join(place.root, 'box/home');
    for (const file of ['.ssh/id', '.netrc', 'plain']) place.write(path.join(home, file), `${file} of mine\n`);
    const env = {
      HOME: home,
      XDG_STATE_HOME: path.join(place.root, 'runtime/state'),
      XDG_CONFIG_HOME: path.join(place.root, 'runtime/c'),
      XDG_CACHE_HOME: path.join(place.root, 'runtime/k'),
      XDG_DATA_HOME: path.join(place.root, 'runtime/d'),
    };
    const script =
      '{ cd /tmp/h && cat plain; cat .ssh/id .netrc; mv .ssh s2; cat s2/id; cat /proc/1/root/tmp/h/.ssh/id; rm .netrc; } 2>/dev/null; true';
    const policy = 'permit(principal, action, resource);';
    const { stdout, stderr } = await run(script, ['-v', `${home}:/tmp/h:review`], { env, policy });
    expect(stdout.toString(), stderr).toBe('plain of mine\n');
    expect(host(path.join(home, '.netrc'))).toBe('.netrc of mine\n');
  });

  test('a session that was killed leaves its changes to be reviewed', async () => {
    const done = run('echo kept >a; sleep 100');
    const made = (): boolean =>
      fs.existsSync(changes()) && fs.readdirSync(changes()).some((id) => fs.existsSync(`${changes()}/${id}/0/upper/a`));
    await expect.poll(made, { timeout: 50_000 }).toBe(true);
    killSession(place);
    await done;
    const [id = ''] = fs.readdirSync(changes());
    expect(leash('diff', id).stdout).toContain('+kept');
    expect(leash('discard', id, '--all')).toMatchObject({ status: 0 });
    expect(host('a')).toBeUndefined();
  });

  test('the image’s user changes what it may, and no more', async (context) => {
    if (UID !== 0) context.skip('an ordinary user is the agent’s user');
    const image = lab.image('user', 'USER somebody');
    fs.chmodSync(place.write('open', 'x\n'), 0o666);
    place.write('closed', 'canary\n', 0o600);
    for (const folder of [place.root, place.workspace]) fs.chmodSync(folder, 0o777);
    const { stdout, stderr } = await run(
      'id -u; echo y >>open; cat closed; echo z >made; cat open made',
      ['--review'],
      {
        image,
      },
    );
    expect(stdout.toString(), stderr).toBe('1234\nx\ny\nz\n');
    expect(leash('accept', '--all')).toMatchObject({ status: 0, stderr: 'leash: 2 changes accepted\n' });
    expect([host('open'), host('made')]).toEqual(['x\ny\n', 'z\n']);
    expect(fs.statSync(path.join(place.workspace, 'made')).uid).toBe(0);
  });
});
