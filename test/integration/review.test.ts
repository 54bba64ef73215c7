import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asIdentity, IDENTITIES, type LeashResult, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

const MAIN = fileURLToPath(new URL('../../dist/run/main.js', import.meta.url));
const LIMIT = { timeout: 60_000 };

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
  });
  afterEach(() => place.remove());

  const run = (script: string, args: readonly string[] = ['--review'], policy = PERMISSIVE): Promise<LeashResult> =>
    runLeash(place, { policy, args, command: ['sh', '-c', script] });

  /** A command of Leash, as the identity. */
  const leash = (
    ...words: string[]
  ): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
    const [program = '', ...rest] = [...asIdentity(as), process.execPath, MAIN, ...words];
    return spawnSync(program, rest, { cwd: place.workspace, env: place.environment, encoding: 'utf8' });
  };

  const host = (name: string): string | undefined => {
    const file = path.join(place.workspace, name);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
  };

  test('nothing changes until it is accepted; then all of it is there, and nothing waits', LIMIT, async () => {
    place.write('a', 'one\n');
    place.write('gone/x', 'x\n');
    place.write('made/anew', 'old\n');
    const done = await run(
      'echo two >>a && rm -r gone made && mkdir made sub && echo n >made/n && echo s >sub/s && cat a',
    );
    expect(done).toMatchObject({ status: 0, stdout: Buffer.from('one\ntwo\n') });
    expect([host('a'), host('gone/x'), host('sub/s')]).toEqual(['one\n', 'x\n', undefined]);
    expect(done.stderr).toContain(`7 changes wait: leash diff ${done.session}`);
    expect(leash('sessions').stderr).toContain(`7 changes wait: leash diff ${done.session}`);

    expect(leash('diff', 'a').stdout).toContain('\n one\n+two\n');
    const names = leash('diff', '--stat')
      .stdout.trim()
      .split('\n')
      .map((line) => line.replace(/ {2}.* {2}/, ' '));
    expect(names).toEqual(
      ['M a', 'D gone/', 'D gone/x', 'D made/anew', 'A made/n', 'A sub/', 'A sub/s'].sort((a, b) =>
        a.slice(2) < b.slice(2) ? -1 : 1,
      ),
    );
    expect(leash('accept', '--all')).toMatchObject({ status: 0 });
    expect([host('a'), host('gone/x'), host('made/anew'), host('made/n'), host('sub/s')]).toEqual([
      'one\ntwo\n',
      undefined,
      undefined,
      'n\n',
      's\n',
    ]);
    expect(leash('diff')).toMatchObject({ status: 1, stderr: expect.stringContaining('LEASH_REVIEW_NONE') });
    expect(leash('sessions').stderr).toBe('');
  });

  test('the session’s record names what was under review', LIMIT, async () => {
    const { session = '' } = await run('true');
    const record = fs.readFileSync(
      path.join(place.home, '.local/state/leash/sessions', session, 'session.json'),
      'utf8',
    );
    expect(JSON.parse(record)).toMatchObject({ reviewed: [place.workspace] });
    expect(fs.readdirSync(path.join(place.home, '.local/state/leash/changes'))).toEqual([]);
  });

  test('a session that was killed leaves its changes to be reviewed', LIMIT, async () => {
    await run('echo kept >a; kill -9 $PPID $$; sleep 1');
    const [id = ''] = fs.readdirSync(path.join(place.home, '.local/state/leash/changes'));
    expect(leash('diff', id).stdout).toContain('+kept');
    expect(leash('discard', id, '--all')).toMatchObject({ status: 0 });
    expect(host('a')).toBeUndefined();
    expect(fs.readdirSync(path.join(place.home, '.local/state/leash/changes'))).toEqual([]);
  });

  test('the layers are out of the agent’s reach, by every name they have', LIMIT, async () => {
    place.write('a', 'lower\n');
    const layers = '/run/leash/changes';
    const ways = [layers, `/proc/1/root${layers}`, `/proc/self/root${layers}`, `/proc/$PPID/root${layers}`];
    const tries = ways.flatMap((way) => [
      `cat ${way}/0/lower/a`,
      `ls ${way}/0/own`,
      `touch ${way}/0/own/upper/planted`,
      `echo x >>${way}/0/lower/a`,
      `mkdir ${way}/0/own/upper/d`,
    ]);
    const cwd = `cd /proc/1/cwd 2>/dev/null && echo planted >>a`;
    const { stdout } = await run(`{ ${tries.join('; ')}; (${cwd}); } 2>/dev/null; echo done; cat a`);
    expect(stdout.toString()).not.toContain('planted\nplanted');
    expect(host('a')).toBe('lower\n');
    const waiting = leash('diff', '--stat').stdout;
    expect(waiting).not.toMatch(/planted|\bd\b/);
  });

  test('neither umount nor a mark of overlayfs is the agent’s', LIMIT, async () => {
    place.write('d/x', 'x\n');
    const marks =
      'import os\nfor name in ("user.overlay.opaque", "user.overlay.whiteout", "user.overlay.redirect"):\n  try: os.setxattr("d", name, b"y")\n  except OSError: pass';
    await run(
      `umount "$PWD" 2>/dev/null; umount -l /run/leash/changes 2>/dev/null; python3 -c '${marks}'; mknod w c 0 0 2>/dev/null; true`,
    );
    expect(leash('diff', '--stat').stdout).not.toMatch(/^D/m);
    expect(host('d/x')).toBe('x\n');
  });

  test('git works in it, and what is accepted is a sound repository', LIMIT, async () => {
    const git = (...words: string[]): string => {
      const name = ['-c', 'user.name=n', '-c', 'user.email=e', '-c', 'init.defaultBranch=main'];
      const [program = '', ...rest] = [...asIdentity(as), 'git', ...name, ...words];
      return execFileSync(program, rest, {
        cwd: place.workspace,
        env: place.environment,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    };
    git('init', '-q');
    for (const number of [1, 2, 3]) {
      place.write(`src/${number}`, `${number}\n`);
      git('add', '-A');
      git('commit', '-qm', `c${number}`);
    }
    git('gc', '-q');
    const script = `set -e; export GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=e GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=e
      git checkout -q -b work; mkdir moved; git mv src/1 src/2 moved/; echo more >>moved/1; git commit -qam moved
      git checkout -q main; git merge -q work; echo dirty >>src/3; git stash -q; git stash pop -q; git gc -q; mv src copied; git status --short`;
    const { status, stdout } = await run(script);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: ' D src/3\n?? copied/\n' });
    expect(git('log', '--oneline', '--all').split('\n')).toHaveLength(4);
    expect(leash('accept', '--all')).toMatchObject({ status: 0 });
    git('fsck', '--strict');
    expect(git('log', '-1', '--format=%s')).toBe('moved\n');
    expect(git('status', '--short')).toBe(' D src/3\n?? copied/\n');
    expect([host('moved/1'), host('copied/3')]).toEqual(['1\nmore\n', '3\ndirty\n']);
  });

  test('a volume is shown where it is said, to read, to change, or for review', LIMIT, async () => {
    const folder = (name: string): string => path.dirname(place.write(path.join(place.root, name, 'f'), `${name}\n`));
    const [read, change, look] = [folder('read'), folder('change'), folder('look')];
    const single = place.write(path.join(place.root, 'single', 'settings.json'), '{}\n');
    for (const dir of [read, change, look]) fs.chmodSync(dir, 0o755);
    const inside = (name: string): string => path.join(place.home, name);
    const { status, stdout } = await run(
      `cat "$HOME/r/f"; for f in "$HOME"/r "$HOME"/c "$HOME"/l; do echo agent >>"$f/f"; done 2>/dev/null; echo hook >>"$HOME/s.json"; echo end`,
      [
        '-v',
        `${read}:${inside('r')}:ro`,
        '-v',
        `${change}:${inside('c')}`,
        '-v',
        `${look}:${inside('l')}:review`,
        '--volume',
        `${single}:${inside('s.json')}:review`,
      ],
    );
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 0, stdout: 'read\nend\n' });
    const content = [read, change, look].map((dir) => fs.readFileSync(path.join(dir, 'f'), 'utf8'));
    expect(content).toEqual(['read\n', 'change\nagent\n', 'look\n']);
    expect(fs.readFileSync(single, 'utf8')).toBe('{}\n');
    expect(leash('accept', '--all')).toMatchObject({ status: 0, stderr: 'leash: 2 changes accepted\n' });
    expect(fs.readFileSync(path.join(look, 'f'), 'utf8')).toBe('look\nagent\n');
    expect(fs.readFileSync(single, 'utf8')).toBe('{}\nhook\n');
  });

  test('what a volume holds of secrets and of Leash is masked in it, under any name', LIMIT, async () => {
    for (const name of [
      '.ssh/id_new',
      '.config/leash/config.toml',
      '.local/state/leash/sessions/x/y',
      '.netrc',
      'plain',
    ])
      place.write(path.join(place.home, name), '# secret\n');
    const own = '.config/leash .local/state/leash';
    const script = `cd /tmp/h; cat plain; cat .ssh/id_new .netrc .config/leash/config.toml .local/state/leash/sessions/x/y; ls .ssh ${own}
      mv .config .moved && mkdir -p .config/leash && echo '[secrets]' >.config/leash/config.toml
      mv .ssh s2; ln -s /tmp/h/.ssh link; cat link/id_new; echo mine >.bash_history; cat .bash_history`;
    const policy = 'permit(principal, action, resource);';
    const { stdout } = await run(`{ ${script}; } 2>/dev/null; true`, ['-v', `${place.home}:/tmp/h`], policy);
    expect(stdout.toString()).toBe('# secret\n');
    expect(fs.readFileSync(path.join(place.home, '.config/leash/config.toml'), 'utf8')).toBe('# secret\n');
  });

  test('in an overlay, too', LIMIT, async () => {
    const ssh = place.write(path.join(place.root, 'box/home/.ssh/id'), 'secret\n');
    place.write(path.join(place.root, 'box/home/plain'), 'plain\n');
    const home = path.dirname(path.dirname(ssh));
    const box = path.dirname(home);
    const env = {
      HOME: home,
      XDG_STATE_HOME: path.join(place.root, 'runtime/state'),
      XDG_CONFIG_HOME: path.join(place.root, 'runtime/c'),
      XDG_CACHE_HOME: path.join(place.root, 'runtime/k'),
      XDG_DATA_HOME: path.join(place.root, 'runtime/d'),
    };
    const policy = 'permit(principal, action, resource);';
    const script =
      'cd /tmp/h && cat plain; cat .ssh/id; mv .ssh s2; cat s2/id; cat /proc/1/root/tmp/h/.ssh/id; cd /proc/1/root/tmp/h/.ssh && cat id; true';
    const done = await runLeash(place, {
      policy,
      env,
      args: ['-v', `${home}:/tmp/h:review`],
      command: ['sh', '-c', `{ ${script}; } 2>/dev/null`],
    });
    expect({ stdout: done.stdout.toString(), stderr: done.stderr }).toMatchObject({ stdout: 'plain\n' });
    expect(fs.existsSync(box)).toBe(true);
  });

  test.each([
    ['a place of credentials', (p: Place) => `${p.home}/.ssh`],
    ['Leash’s own', (p: Place) => `${p.home}/.config/leash`],
    ['the whole machine', () => '/'],
    ['the system', () => '/etc'],
    ['services', () => '/run'],
    ['a device', () => '/dev/null:/tmp/null'],
    ['what holds the home', (p: Place) => p.root],
    ['what is not there', (p: Place) => `${p.root}/none`],
    ['a place over the system', (p: Place) => `${p.home}/.ssh/..:/usr/lib`],
    ['a place over the workspace', (p: Place) => `${p.home}/plain:${p.root}`],
    ['Leash’s own under review', (p: Place) => `${p.home}/.config:/tmp/x:review`],
  ])('refused: %s', LIMIT, async (_what, volume) => {
    for (const name of ['.ssh/id', '.config/leash/x', 'plain/x']) place.write(path.join(place.home, name), 'x');
    const { status, stderr, session } = await run('true', ['-v', volume(place)]);
    expect({ status, session }).toEqual({ status: 125, session: undefined });
    expect(stderr).toMatch(/LEASH_VOLUME: the volume .* (cannot be used: .*|does not exist; nothing was started)\n/);
  });
});
