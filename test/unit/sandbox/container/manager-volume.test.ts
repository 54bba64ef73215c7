import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManagerVolume } from '../../../../src/sandbox/container/manager-volume.ts';

let own: string;
let volume: ManagerVolume;
beforeEach(() => {
  own = mkdtempSync(path.join(tmpdir(), 'leash-volume-'));
  volume = new ManagerVolume('v', own);
});
afterEach(() => rmSync(own, { recursive: true, force: true }));

test('files are the entry’s to show, by where the container has them', () => {
  const before = process.umask(0o077);
  try {
    expect(volume.show(volume.put('text'), '/etc/hosts')).toEqual([]);
    volume.putOwn('npmrc', 'x');
  } finally {
    process.umask(before);
  }
  expect(volume.hide('/w/.ssh')).toEqual([]);
  expect(volume.forEntry).toEqual([
    ...['--nest', 'yes', '--cover', '/run/leash/shown/1:/etc/hosts', '--mask', '/w/.ssh'],
  ]);
  expect(readFileSync(path.join(own, 'shown/1'), 'utf8')).toBe('text');
  expect(statSync(path.join(own, 'npmrc')).mode & 0o777).toBe(0o644);
  expect(() => volume.show('/run/leash/a', '/b:/c')).toThrow(/cannot be shown/);
});

test('the entry runs from the volume, which the container cannot change', () => {
  writeFileSync(path.join(own, 'installed'), 'program');
  expect(volume.showOwn(path.join(own, 'installed'))).toEqual([
    '--mount',
    'type=volume,source=v,destination=/run/leash,ro',
  ]);
  expect(statSync(volume.entryProgram()).mode & 0o777).toBe(0o755);
});

test('what stands in the engine’s place says what to start, and ends as it is told, or with who would start it', () => {
  const [program = '', ...words] = volume.command(['run', '--name', "it's"]);
  const run = (input: string) => spawnSync(program, words, { input, encoding: 'utf8' });
  expect(run('7\n')).toMatchObject({ status: 7, stdout: '["run","--name","it\'s"]\n' });
  expect(run('').status).toBe(125);
});
