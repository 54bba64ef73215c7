import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ContainerFolder, sweepContainers } from '../../../../src/sandbox/container/folder.ts';

let root: string;
let parent: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-folder-'));
  parent = path.join(root, 'containers');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An engine that writes down what it is asked, and says `answer` when it fails. */
function engine(status = 0, answer = ''): { program: string; asked: () => string } {
  const program = path.join(root, `engine-${status}`);
  const log = `${program}.log`;
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${log}\necho "${answer}" >&2\nexit ${status}\n`);
  chmodSync(program, 0o755);
  return { program, asked: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') };
}

const withEngine = (program: string) =>
  ({ name: 'podman', program, options: ['--x'], env: {}, uid: 0, gid: 0, isElsewhere: false }) as const;

test('permissions are as asked whatever the umask is', () => {
  const before = process.umask(0o077);
  try {
    const folder = new ContainerFolder(parent, withEngine('/bin/true'));
    expect(statSync(folder.own).mode & 0o777).toBe(0o755);
    for (const isDirectory of [true, false]) {
      const [, words = ''] = folder.hide('/x', isDirectory);
      const { mode } = statSync(/source=([^,]+)/.exec(words)?.[1] ?? '');
      expect([mode & 0o777, (mode & 0o170000) === 0o040000]).toEqual([0, isDirectory]);
    }
    expect(statSync(folder.put('x')).mode & 0o777).toBe(0o644);
    folder.discard();
    expect(existsSync(path.dirname(folder.own))).toBe(false);
  } finally {
    process.umask(before);
  }
});

test('a session that failed has its container removed, and keeps the folder while the engine does not answer', async () => {
  const { program, asked } = engine();
  const quiet = new ContainerFolder(parent, withEngine(program));
  await quiet.remove(false);
  expect(asked()).toBe('');
  const failed = new ContainerFolder(parent, withEngine(program));
  await failed.remove(true);
  expect(asked()).toBe(`--x rm --force ${failed.name}\n`);
  const busy = new ContainerFolder(parent, withEngine(engine(1, 'cannot connect').program));
  await busy.remove(true);
  expect([quiet, failed, busy].map(({ own }) => existsSync(own))).toEqual([false, false, true]);
});

function leftBy(pid: number, program: string): string {
  const folder = path.join(parent, `leash-${pid}-0badcafe`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'engine.json'), JSON.stringify([program, '--x']));
  return folder;
}

const NOBODY = 4_194_304;

test('what a dead session left is removed, with its container; a living one’s and what is no container’s stay', async () => {
  const { program, asked } = engine();
  const dead = leftBy(NOBODY, program);
  const alive = leftBy(process.pid, program);
  mkdirSync(path.join(parent, 'other'));
  await sweepContainers(parent, process.env);
  expect([existsSync(dead), existsSync(alive), existsSync(path.join(parent, 'other'))]).toEqual([false, true, true]);
  expect(asked()).toBe('--x rm --force leash-4194304-0badcafe\n');
});

test('where the engine could not be asked, it is asked the next time', async () => {
  const busy = leftBy(NOBODY, engine(1, 'cannot connect').program);
  await sweepContainers(parent, process.env);
  expect(existsSync(busy)).toBe(true);
  const gone = leftBy(NOBODY, engine(2, 'Error: no such container').program);
  await sweepContainers(parent, process.env);
  expect(existsSync(gone)).toBe(false);
  await sweepContainers(path.join(root, 'nowhere'), process.env);
});
