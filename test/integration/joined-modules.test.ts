// What ./leash runs: the files a start loads, and V8's code cache of them, taken, refused and damaged.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RUN = path.join(ROOT, 'dist/run');

/** For people at a distance, so loaded when an agent has run for a while; on a busy machine, `true` does. `api.js`: the words of it. */
const LATE = new Set([...readdirSync(path.join(ROOT, 'src/api')).map((name) => name.replace(/ts$/, 'js')), 'api.js']);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-joined-'));
  mkdirSync(path.join(folder, 'workspace'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Names of the joined files that `leash` loaded, without what makes them unique. */
function loadedBy(args: readonly string[]): string[] {
  const list = path.join(folder, 'loaded');
  const hook = path.join(folder, 'hook.cjs');
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync('${list}', Object.keys(require.cache).join('\\n')));`,
  );
  const options = { cwd: path.join(folder, 'workspace'), env: { PATH: process.env['PATH'], HOME: folder } };
  execFileSync(process.execPath, ['--require', hook, path.join(RUN, 'main.js'), ...args], options);
  const files = readFileSync(list, 'utf8').split('\n');
  return files
    .filter((file) => file.startsWith(RUN))
    .map((file) => path.basename(file).replace(/-[\w-]{8}\.js$/, '.js'))
    .sort();
}

test('a start loads one file besides the main one, and with a policy that is compiled already no other', () => {
  const start = ['-q', '--', 'true'];
  loadedBy(start);
  expect(loadedBy(start).filter((file) => !LATE.has(file))).toEqual(['main.js', 'rolldown-runtime.js', 'start.js']);
});

test('no joined file but the main one runs a command line when it is loaded', () => {
  const loads = `require('${path.join(RUN, 'start.js')}')`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', loads, '--', '--version'], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe('the code cache', () => {
  const cache = readFileSync(path.join(RUN, 'start.cache'));

  /** Whether V8 runs the code from it, and how large one would be that held only the functions V8 compiles at once. */
  function tried(cachedData: Buffer): { readonly isTaken: boolean; readonly least: number } {
    const file = path.join(folder, 'cache');
    writeFileSync(file, cachedData);
    const code = `
      const [, code, file] = process.argv;
      const read = require('node:fs').readFileSync;
      const script = new vm.Script(read(code, 'latin1'), { cachedData: read(file) });
      const least = new vm.Script(read(code, 'latin1') + ' ').createCachedData().length;
      console.log(JSON.stringify({ isTaken: !script.cachedDataRejected, least }));`;
    const args = ['-e', code, path.join(RUN, 'start.code.js'), file];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  }

  test('is of this Node, and holds every function', () => {
    const { isTaken, least } = tried(cache);
    expect(isTaken).toBe(true);
    expect(cache.length).toBeGreaterThan(least * 2);
  });

  const damages: readonly [string, (bytes: Buffer) => Buffer][] = [
    ['of another version of V8', (bytes) => Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(4), bytes.subarray(8)])],
    ['cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['empty', (bytes) => bytes.subarray(0, 0)],
  ];

  test.each(damages)('%s is refused, and Leash runs as well', (_, damage) => {
    const damaged = damage(cache);
    expect(tried(damaged).isTaken).toBe(false);

    const copy = path.join(folder, 'copy');
    cpSync(RUN, path.join(copy, 'dist/run'), { recursive: true });
    cpSync(path.join(ROOT, 'package.json'), path.join(copy, 'package.json'));
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
    writeFileSync(path.join(copy, 'dist/run/start.cache'), damaged);
    const versionOf = (main: string): string =>
      execFileSync(process.execPath, [main, '--version'], { encoding: 'utf8' });
    expect(versionOf(path.join(copy, 'dist/run/main.js'))).toBe(versionOf(path.join(RUN, 'main.js')));
  });
});
