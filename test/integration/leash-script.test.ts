import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = [
  'package-lock.json',
  'tsconfig.base.json',
  'src/host/paths.ts',
  'native/entry/main.c',
  'ui/index.html',
  'scripts/join-modules.mjs',
  'scripts/run-cached.cjs',
];
const TOOLS = ['sh', 'dirname', 'readlink', 'find', 'mktemp', 'rm', 'cat', 'env', 'make', 'cc', 'node', 'npm'];

let root: string;

/** Sets the time of a file or folder in seconds around the build, which was at 0. */
function touch(name: string, seconds: number): void {
  utimesSync(path.join(root, name), 1_700_000_000 + seconds, 1_700_000_000 + seconds);
}

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
}

/** A checkout that was built: the real scripts around a program that prints its arguments and exits with 7. */
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-script-'));
  cpSync(path.join(CHECKOUT, 'leash'), path.join(root, 'leash'));
  cpSync(path.join(CHECKOUT, 'scripts'), path.join(root, 'scripts'), { recursive: true });
  for (const file of SOURCES) write(file, '');
  write('native/build/leash-entry', '');
  write('package.json', '{"type":"module"}');
  write('dist/run/main.js', 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;');
  write('dist/.built', '');
  for (const name of [...SOURCES, 'src', 'src/host', 'native', 'native/entry', 'ui']) touch(name, -1);
  touch('dist/.built', 0);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function run(program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = process.env, cwd = '/') {
  const { status, stdout, stderr } = spawnSync(program, args, { env, cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const isBuilt = (): boolean => run('sh', [path.join(root, 'scripts/is-built.sh'), root]).status === 0;

describe('leash', () => {
  const args = ['--', 'a b', '', '*', '"$HOME"', '--help'];

  test('hands its arguments on as they are, and the status back', () => {
    expect(run(path.join(root, 'leash'), args)).toEqual({ status: 7, stdout: `${JSON.stringify(args)}\n`, stderr: '' });
  });

  test.each([['--env-file', 'variables'], ['--env-file=variables'], ['agent', '--env-file', 'variables']])(
    'a file that is named to it or to the agent is none of Node’s: %s %s',
    (...words) => {
      write('evil.cjs', 'require("node:fs").writeFileSync("./ran", "")');
      write('variables', `NODE_OPTIONS=--require=${path.join(root, 'evil.cjs')}\n`);
      expect(run(path.join(root, 'leash'), words, process.env, root)).toMatchObject({
        status: 7,
        stdout: `${JSON.stringify(words)}\n`,
      });
      expect(existsSync(path.join(root, 'ran'))).toBe(false);
    },
  );

  test.each(['--experimental-config-file=a', '--experimental-config-file', '--experimental-default-config-file'])(
    'what Node would read as its own wherever it stands is refused: %s',
    (word) => {
      const result = run(path.join(root, 'leash'), ['--', 'node', word, 'a']);
      expect(result).toMatchObject({ status: 125, stdout: '', stderr: expect.stringContaining('LEASH_USAGE: Node') });
    },
  );

  test('is run by no `node` of the folder it is called in, but for a home', () => {
    const work = path.join(root, 'work');
    write('work/bin/node', '#!/bin/sh\necho planted\n');
    chmodSync(path.join(work, 'bin/node'), 0o755);
    symlinkSync(work, path.join(root, 'link'));
    const started = (cwd: string, folders: string, env: NodeJS.ProcessEnv = {}) =>
      run(path.join(root, 'leash'), args, { ...process.env, ...env, PATH: `${folders}:${process.env['PATH']}` }, cwd);
    for (const folders of ['bin', path.join(work, 'bin'), path.join(root, 'link/bin')])
      for (const cwd of [work, path.join(root, 'link')]) {
        const named = { PWD: cwd };
        expect(started(cwd, `${folders}:${work}/bin`, named), folders).toMatchObject({ status: 7, stderr: '' });
      }
    expect(started(work, path.join(work, 'bin'), { HOME: work }).stdout).toBe('planted\n');
  });

  test('finds it where the current folder was removed', () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"';
    const { status, stdout } = run('sh', ['-c', script, path.join(root, 'leash'), ...args], process.env, root);
    expect([status, stdout]).toEqual([7, `${JSON.stringify(args)}\n`]);
  });

  test('finds its folder through a chain of links, relative ones too', () => {
    mkdirSync(path.join(root, 'bin'));
    symlinkSync('../leash', path.join(root, 'bin/first'));
    symlinkSync(path.join(root, 'bin/first'), path.join(root, 'bin/second'));
    expect(run(path.join(root, 'bin/second'), args).status).toBe(7);
    expect(run('./second', args, process.env, path.join(root, 'bin')).status).toBe(7);
  });

  test('of an installed package starts at once: there is nothing to build', () => {
    rmSync(path.join(root, 'scripts'), { recursive: true });
    rmSync(path.join(root, 'src'), { recursive: true });
    expect(run(path.join(root, 'leash'), args)).toMatchObject({ status: 7, stderr: '' });
  });
});

describe('a build is current', () => {
  test('when nothing is newer', () => expect(isBuilt()).toBe(true));

  test('whatever happens in what the build makes', () => {
    touch('native/build/leash-entry', 5);
    touch('dist/run/main.js', 5);
    expect(isBuilt()).toBe(true);
  });

  test.each(SOURCES)('until %s is newer', (file) => {
    touch(file, 5);
    expect(isBuilt()).toBe(false);
  });

  test('until a file is taken away', () => {
    rmSync(path.join(root, 'src/host/paths.ts'));
    expect(isBuilt()).toBe(false);
  });

  test('unless it never was', () => {
    rmSync(path.join(root, 'dist/.built'));
    expect(isBuilt()).toBe(false);
  });
});

describe('bootstrap.sh', () => {
  /** A PATH without bubblewrap, whose package manager writes down what it was asked, and installs nothing but bubblewrap. */
  function environment(uid: number): NodeJS.ProcessEnv {
    const bin = path.join(root, 'bin');
    mkdirSync(bin);
    for (const tool of TOOLS) {
      symlinkSync(run('sh', ['-c', 'command -v "$0"', tool]).stdout.trim(), path.join(bin, tool));
    }
    const scripts = {
      id: `echo ${uid}`,
      sudo: 'exit 1',
      'apt-get': `echo "$*" >>'${root}/apt.log'; case $* in *install*bubblewrap*) >'${bin}/bwrap'; /bin/chmod 755 '${bin}/bwrap';; esac`,
    };
    for (const [name, body] of Object.entries(scripts)) {
      write(`bin/${name}`, `#!/bin/sh\n${body}\n`);
      chmodSync(path.join(bin, name), 0o755);
    }
    return { PATH: bin, HOME: root };
  }

  const bootstrap = (env: NodeJS.ProcessEnv) => run('/bin/sh', [path.join(root, 'scripts/bootstrap.sh')], env);

  test('says in one line what a user without rights has to run', () => {
    const { status, stdout, stderr } = bootstrap(environment(1000));
    expect(stderr).toBe('leash: system packages are missing; run: sudo apt-get install -y bubblewrap\n');
    expect({ status, stdout }).toEqual({ status: 125, stdout: '' });
    expect(existsSync(path.join(root, 'apt.log'))).toBe(false);
  });

  test('installs what is missing as root, and nothing else', () => {
    write('node_modules/.package-lock.json', '{}');
    const { status, stdout } = bootstrap(environment(0));
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(readFileSync(path.join(root, 'apt.log'), 'utf8')).toBe(
      'update\ninstall -y --no-install-recommends bubblewrap\n',
    );
  });

  test('refuses a Node that is too old, before anything else', () => {
    const env = environment(0);
    rmSync(path.join(root, 'bin/node'));
    write('bin/node', '#!/bin/sh\necho v20.18.3\n');
    chmodSync(path.join(root, 'bin/node'), 0o755);
    expect(bootstrap(env)).toMatchObject({
      status: 125,
      stderr: 'leash: needs Node 20.19 or later; this is v20.18.3\n',
    });
    expect(existsSync(path.join(root, 'apt.log'))).toBe(false);
  });

  test.each([
    ['is not set', undefined, /HOME is not set/],
    ['does not exist', '/nonexistent', /HOME=\/nonexistent is not a folder/],
  ])('says so when HOME %s and something has to be built', (_what, home, message) => {
    touch('src/host/paths.ts', 5);
    const env = { ...environment(0), HOME: home };
    expect(bootstrap(env)).toMatchObject({ status: 125, stderr: expect.stringMatching(message) });
  });
});
